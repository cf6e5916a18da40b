#pragma once

#include <deque>
#include <string>
#include <vector>

#include "simulation/effect_service.hpp"
#include "simulation/memory_store.hpp"
#include "simulation/random.hpp"

namespace lintel::workflow::simulation {

/// A worker process: holds a session, claims, calls, finishes; dies, falls asleep past its lease and goes on
/// as if nothing had been, says things twice.
class Worker {
public:
    /// All references must outlive it.
    Worker(std::string name, MemoryStore& store, EffectService& service, const core::Timestamp& clock,
           Random& random)
        : name_(std::move(name)), store_(store), service_(service), clock_(clock), random_(random)
    {
    }

    /// Whatever comes to its mind; what that was.
    std::string act();
    /// Renews, claims and does everything it can, without mischief. False when there was nothing to do.
    bool work();
    /// Ends every nap, starts when it is dead.
    void wake();

private:
    struct Job {
        Claimed claimed;
        /// Absent: not sent yet.
        std::optional<AttemptEnd> end;
    };

    std::string open();
    std::string renew();
    std::string claim();
    std::string do_job();
    std::string finish(Job job);
    std::string crash();
    std::string stop();
    void send(Job& job);

    std::string name_;
    MemoryStore& store_;
    EffectService& service_;
    const core::Timestamp& clock_;
    Random& random_;
    std::optional<SessionId> session_;
    core::Timestamp asleep_until_{};
    /// By its own reckoning.
    core::Timestamp renewed_at_{};
    std::deque<Job> jobs_;
};

/// What all leases of a simulation last.
constexpr std::chrono::milliseconds kLease{3000};

}  // namespace lintel::workflow::simulation
