#pragma once

#include <atomic>
#include <chrono>

#include "lintel/contracts/workflows.hpp"
#include "workers.hpp"

namespace lintel::main {

/// Waits for the results of workflows, in turns that are short: neither a worker that dies meanwhile nor the
/// stop of this process has to be waited for. Thread-safe; `executor` outlives it.
class ResultWaits {
public:
    struct Options {
        /// The longest that a caller may wait.
        std::chrono::milliseconds longest{30'000};
        /// How long a worker is asked to wait at a time.
        std::chrono::milliseconds turn{1'000};
    };

    ResultWaits(Workers workers, core::Executor& executor, Options options)
        : workers_(workers), executor_(executor), options_(options)
    {
    }

    /// How long `asked` may take to wait.
    std::chrono::milliseconds allowed(const contracts::WorkflowResultQuery& asked) const;

    /// What became of a workflow by its end, or else after as long as asked or shortly before the deadline.
    core::Task<contracts::WorkflowResult> result(telemetry::Context context,
                                                 contracts::WorkflowResultGet asked);

    /// Those who wait are told what is known now, and nobody waits any more.
    void end() noexcept { has_ended_ = true; }

private:
    core::Task<std::optional<contracts::WorkflowResult>> take_turn(telemetry::Context context,
                                                                   contracts::WorkflowResultGet asked);

    const Workers workers_;
    core::Executor& executor_;
    const Options options_;
    std::atomic<bool> has_ended_ = false;
};

}  // namespace lintel::main
