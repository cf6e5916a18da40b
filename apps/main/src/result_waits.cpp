#include "result_waits.hpp"

#include <algorithm>

#include "lintel/contracts/workflow_status.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"

namespace lintel::main {
namespace {

using contracts::WorkflowResult;
using contracts::WorkflowResultGet;
using core::Deadline;
using core::Task;
using std::chrono::milliseconds;

/// What a wait leaves of the request's time, for the last answer.
constexpr milliseconds kAnswerMargin{500};
/// For a turn's way to the worker and back.
constexpr milliseconds kTripMargin{1'000};
/// Until a worker is asked again that did not wait as long as it was asked to.
constexpr milliseconds kPause{100};

milliseconds left(Deadline until)
{
    return std::chrono::floor<milliseconds>(until.remaining());
}

}  // namespace

milliseconds ResultWaits::allowed(const contracts::WorkflowResultQuery& asked) const
{
    return std::min(asked.wait.value_or(milliseconds(0)), options_.longest);
}

Task<WorkflowResult> ResultWaits::result(telemetry::Context context, WorkflowResultGet asked)
{
    const Deadline until =
        std::min(Deadline::after(allowed(asked)), Deadline(context.deadline.time() - kAnswerMargin));
    while (!has_ended_ && left(until) > milliseconds(0)) {
        asked.wait = std::min(options_.turn, left(until));
        const auto turn_ends = Deadline::after(*asked.wait);
        auto result = co_await take_turn(context, asked);
        if (result && contracts::is_final(result->status)) co_return std::move(*result);
        if (!has_ended_) co_await executor_.sleep(std::min(kPause, left(turn_ends)));
    }
    asked.wait.reset();
    co_return co_await workers_.read<contracts::WorkflowsResult>(std::move(context), asked);
}

/// Nothing when the worker does not answer: the next one will.
Task<std::optional<WorkflowResult>> ResultWaits::take_turn(telemetry::Context context,
                                                           WorkflowResultGet asked)
{
    context.deadline = std::min(context.deadline, Deadline::after(*asked.wait + kTripMargin));
    try {
        co_return co_await workers_.ask<contracts::WorkflowsResult>(std::move(context), asked);
    } catch (const core::Error& error) {
        if (error.code() != core::ErrorCode::deadline_exceeded) throw;
    }
    co_return std::nullopt;
}

}  // namespace lintel::main
