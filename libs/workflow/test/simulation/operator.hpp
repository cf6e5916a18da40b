#pragma once

#include <string>

#include "simulation/checks.hpp"
#include "simulation/memory_store.hpp"
#include "simulation/random.hpp"

namespace lintel::workflow::simulation {

/// Everybody who asks something of runs: starts them, sends signals (early, twice), meddles and mends.
class Operator {
public:
    /// All references must outlive it.
    Operator(MemoryStore& store, const MemoryStore::Catalog& catalog, Checks& checks,
             const core::Timestamp& clock, Random& random)
        : store_(store), catalog_(catalog), checks_(checks), clock_(clock), random_(random)
    {
    }

    std::string act();
    /// Events that come a second time, too early or for nobody.
    std::string repeat_something();
    /// Resumes what is paused and admits what is pending.
    void release_all();
    /// Gives everything that waits for somebody what it waits for: signals, replays. False when nothing did.
    bool serve_all();
    /// Retries what has failed, reruns some of the rest.
    void mend_all();

private:
    const Run& random_run();
    std::string start();
    std::string send_signal();
    std::string ask();
    void give_signal(const Run& run, const std::string& name);

    MemoryStore& store_;
    const MemoryStore::Catalog& catalog_;
    Checks& checks_;
    const core::Timestamp& clock_;
    Random& random_;
    int last_signal_ = 0;
};

}  // namespace lintel::workflow::simulation
