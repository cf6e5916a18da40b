#include "attempt.hpp"

#include <algorithm>

#include "ending.hpp"

namespace lintel::workflow {
namespace {

StepRun* find_claimed(Turn& turn, const std::string& path, std::int64_t attempt)
{
    auto* record = turn.find(path);
    const bool is_current =
        record != nullptr && record->state == StepState::claimed && record->attempt == attempt;
    return is_current ? record : nullptr;
}

const RetryPolicy& policy_of(const Step& step, const StepRun& record)
{
    return is_undo(record.path) && step.compensate ? step.compensate->retry : step.retry;
}

/// An ending run repeats only what it must know the outcome of.
bool is_unwanted(Turn& turn, const StepRun& record)
{
    return turn.run.ending != Ending::none && !must_be_known(turn, record);
}

/// Nothing more is tried: a compensation is never given up silently, nor is a step that may have had an
/// effect which would have to be undone; any other as its definition says.
void give_up(Turn& turn, StepRun& record, const StepError& error, bool is_dead_letter)
{
    if (is_dead_letter || must_be_known(turn, record)) {
        turn.bury(record, error);
    } else {
        turn.fail(record, error);
    }
}

/// The step is as it was before the attempt.
void return_to_queue(Turn& turn, StepRun& record)
{
    if (is_unwanted(turn, record)) {
        turn.cancel(record);
    } else {
        turn.make_ready(record);
    }
}

bool time_out(Turn& turn, StepRun& record, const SignalStep& step)
{
    if (step.continues_on_timeout) {
        turn.complete(record, "null", {{"timedOut", true}});
    } else {
        turn.fail(record, {std::string(to_string(core::ErrorCode::deadline_exceeded)),
                           "no signal " + step.signal + " in time",
                           {}});
    }
    return true;
}

}  // namespace

bool succeed(Turn& turn, const AttemptSucceeded& event)
{
    auto* record = find_claimed(turn, event.path, event.attempt);
    if (record == nullptr) return false;
    auto told = nlohmann::json::object();
    if (record->attempt > 1) told["attempt"] = record->attempt;
    turn.complete(*record, event.output, told);
    return true;
}

bool fail_attempt(Turn& turn, const AttemptFailed& event)
{
    auto* record = find_claimed(turn, event.path, event.attempt);
    if (record == nullptr) return false;
    const auto& code = event.error.code;
    const auto& step = *turn.step_of(*record);
    const auto& policy = policy_of(step, *record);
    const bool is_definite = !is_worth_retrying(code);
    record->is_uncertain = !is_definite && (record->is_uncertain || leaves_outcome_unknown(code));
    ++record->failures;
    record->error = event.error;
    const bool is_excluded = std::ranges::find(policy.non_retryable, code) != policy.non_retryable.end();
    const bool is_exhausted = policy.maximum_attempts > 0 && record->failures >= policy.maximum_attempts;
    if (is_unwanted(turn, *record)) {
        turn.cancel(*record);
    } else if (is_definite || is_excluded || is_exhausted) {
        give_up(turn, *record, event.error, step.on_exhausted == OnExhausted::dead_letter);
    } else {
        const auto wait = retry_delay(policy, record->failures, turn.moment.chance);
        turn.schedule(*record, turn.moment.now + wait);
        turn.tell("step.retrying", record->path,
                  {{"attempt", record->attempt}, {"error", describe(event.error)}, {"waitMs", wait.count()}});
    }
    return true;
}

bool lose_lease(Turn& turn, const LeaseLost& event)
{
    auto* record = find_claimed(turn, event.path, event.attempt);
    if (record == nullptr) return false;
    record->is_uncertain = true;
    ++record->lease_losses;
    turn.tell("step.leaseLost", record->path, {{"attempt", record->attempt}});
    const bool is_poison = record->lease_losses >= turn.moment.limits.lease_losses;
    if (is_poison && !is_unwanted(turn, *record)) {
        turn.bury(*record,
                  {"lease_lost",
                   "lost its worker " + std::to_string(record->lease_losses) + " times; is it poison?",
                   {}});
    } else {
        return_to_queue(turn, *record);
    }
    return true;
}

bool hand_back(Turn& turn, const HandedBack& event)
{
    auto* record = find_claimed(turn, event.path, event.attempt);
    if (record == nullptr) return false;
    record->is_uncertain = record->is_uncertain || event.was_sent;
    return_to_queue(turn, *record);
    turn.tell("step.handedBack", record->path, {{"attempt", record->attempt}});
    return true;
}

bool fire_timer(Turn& turn, const TimerFired& event)
{
    auto* record = turn.find(event.path);
    if (record == nullptr || turn.run.is_paused || !record->due_at || *record->due_at > turn.moment.now)
        return false;
    const Step* step = turn.step_of(*record);
    if (step == nullptr) return false;
    if (record->state == StepState::scheduled) {
        if (std::holds_alternative<SleepStep>(step->kind) && !is_undo(record->path)) {
            turn.complete(*record, "null");
        } else {
            turn.make_ready(*record);
        }
        return true;
    }
    const auto* signal = std::get_if<SignalStep>(&step->kind);
    return signal != nullptr && record->state == StepState::waiting && time_out(turn, *record, *signal);
}

bool end_child(Turn& turn, const ChildEnded& event)
{
    auto* record = turn.find(event.path);
    if (record == nullptr || record->state != StepState::waiting || record->child != event.child)
        return false;
    if (event.output) {
        turn.complete(*record, *event.output);
    } else if (turn.run.ending != Ending::none) {
        record->error = event.error;
        turn.cancel(*record);
    } else {
        turn.fail(*record, {event.error.code, event.error.message, {}, event.error.errors});
    }
    return true;
}

}  // namespace lintel::workflow
