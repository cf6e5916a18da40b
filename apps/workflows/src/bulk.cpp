#include "bulk.hpp"

#include <memory>
#include <mutex>

#include "lintel/core/completion.hpp"
#include "lintel/core/error.hpp"

namespace lintel::workflows {
namespace {

using contracts::BulkAction;
using Kind = RunResult::Kind;

constexpr std::size_t kShownFailures = 100;

contracts::BulkFailure failure_of(const core::Id& id, const std::exception_ptr& error)
{
    contracts::BulkFailure failure;
    failure.id = id;
    failure.code = contracts::ProblemCode::internal;
    try {
        std::rethrow_exception(error);
    } catch (const core::Error& why) {
        failure.code =
            contracts::problem_code_from_string(core::to_string(why.code())).value_or(failure.code);
        failure.message = why.what();
    } catch (const std::exception& why) {
        failure.message = why.what();
    }
    return failure;
}

/// Workflows that are done with, and who waits for the last.
struct Count {
    explicit Count(core::Executor& executor) : done(executor) {}

    std::mutex mutex;
    std::size_t left = 0;
    contracts::WorkflowBulkResult result;
    core::Completion<bool> done;

    void add(const core::Id& id, const RunResult& outcome)
    {
        std::lock_guard lock(mutex);
        const bool is_conflict =
            outcome.kind == Kind::refused && is(outcome.error, core::ErrorCode::conflict);
        result.is_replay = result.is_replay && outcome.kind == Kind::replayed;
        if (outcome.kind == Kind::applied || outcome.kind == Kind::replayed)
            ++result.applied;
        else if (outcome.kind != Kind::refused || is_conflict)
            ++result.skipped;
        else if (result.failures.size() < kShownFailures)
            result.failures.push_back(failure_of(id, outcome.error));
        if (--left == 0) done.set_value(true);
    }

    static bool is(const std::exception_ptr& error, core::ErrorCode code)
    {
        try {
            std::rethrow_exception(error);
        } catch (const core::Error& why) {
            return why.code() == code;
        } catch (...) {
            return false;
        }
    }
};

core::Task<void> apply_to_one(Engine& engine, telemetry::Context context, core::Id id,
                              std::shared_ptr<const BulkStep> step, std::shared_ptr<Count> count)
{
    RunResult outcome;
    try {
        RunEvent one;
        one.run = id;
        one.event = step->event;
        one.is_trial = step->is_trial;
        if (!step->is_trial) one.request_key = step->key_for(id);
        outcome = co_await engine.submit(std::move(context), std::move(one));
    } catch (...) {
        outcome.kind = Kind::refused;
        outcome.error = std::current_exception();
    }
    count->add(id, outcome);
}

}  // namespace

workflow::Event bulk_event(const contracts::WorkflowBulk& request)
{
    switch (request.action) {
        case BulkAction::cancel:
            return workflow::Cancel{request.reason.value_or("")};
        case BulkAction::terminate:
            return workflow::Terminate{request.reason.value_or("")};
        case BulkAction::pause:
            return workflow::Pause{};
        case BulkAction::resume:
            return workflow::Resume{};
        case BulkAction::retry:
            return workflow::Retry{};
        case BulkAction::rerun:
            break;
    }
    if (!request.from_step)
        throw core::Error(core::ErrorCode::invalid, "a rerun needs the step to begin with",
                          {{"/fromStep", "must be present for the action 'rerun'"}});
    return workflow::Rerun{*request.from_step};
}

core::Task<contracts::WorkflowBulkResult> apply_to_all(Engine& engine, telemetry::Context context,
                                                       std::vector<core::Id> ids, BulkStep step)
{
    auto count = std::make_shared<Count>(engine.executor());
    count->result.matched = static_cast<std::int64_t>(ids.size());
    if (ids.empty()) co_return count->result;
    count->left = ids.size();
    count->result.is_replay = true;
    const auto shared = std::make_shared<const BulkStep>(std::move(step));
    for (const auto& id : ids)
        core::spawn(apply_to_one(engine, context, id, shared, count));
    co_await count->done.wait(context.deadline,
                              "not all of the workflows could be reached in time; ask again");
    std::lock_guard lock(count->mutex);
    co_return std::move(count->result);
}

}  // namespace lintel::workflows
