#pragma once

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>
#include <unordered_set>

#include <nlohmann/json_fwd.hpp>

#include "lintel/messaging/client.hpp"
#include "lintel/messaging/service.hpp"
#include "options.hpp"

namespace lintel::load {

/// Starts workflows as a client and does their steps as a service, over one connection.
///
/// A workflow is under way until its last step has been asked for; when it was finished for good, its row
/// says. Its input carries when it was asked for, in microseconds since 1970, so that the row tells all of
/// its latency.
class Load {
public:
    explicit Load(Options options);

    /// Runs to the end; prints `open` and `close` when the window does, then one JSON object.
    void run();

private:
    using Clock = std::chrono::steady_clock;

    void prepare();
    void run_window();
    void run_count();
    void pass_time(Clock::time_point until);
    bool wait_for_ends(std::chrono::seconds timeout);
    core::Task<std::string> do_step(messaging::Request request);
    core::Task<void> start_one();
    void ended(int number);
    void log_step(const nlohmann::json& data);
    nlohmann::json counts() const;

    const Options options_;
    telemetry::Metrics metrics_;
    core::IoThreads threads_{1};
    messaging::Connection connection_;
    messaging::Client client_{connection_};
    messaging::Service service_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> step_log_;

    std::atomic<int> next_{0};
    std::atomic<int> answered_{0};
    std::atomic<int> failed_{0};
    std::atomic<long> steps_{0};
    std::atomic<bool> is_over_{false};
    mutable std::mutex mutex_;
    std::unordered_set<int> ended_;
    Clock::time_point began_;
};

}  // namespace lintel::load
