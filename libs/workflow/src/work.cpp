#include "lintel/core/json.hpp"
#include "lintel/workflow/transition.hpp"
#include "view.hpp"

namespace lintel::workflow {
namespace {

/// What a request, an event and a compensation have in common.
struct Call {
    const std::string& subject;
    const nlohmann::json& input;
    std::chrono::milliseconds timeout;
    bool is_event = false;
};

Call call_of(const Step& step, bool is_undo)
{
    if (is_undo && step.compensate)
        return {step.compensate->subject, step.compensate->input, step.compensate->timeout};
    if (const auto* request = std::get_if<RequestStep>(&step.kind))
        return {request->subject, step.input, step.timeout};
    if (const auto* emit = std::get_if<EmitStep>(&step.kind))
        return {emit->subject, step.input, step.timeout, true};
    throw core::Error{core::ErrorCode::invalid, step.name + " is no step for a worker"};
}

}  // namespace

void claim(StepRun& step, core::Timestamp now)
{
    ++step.attempt;
    step.state = StepState::claimed;
    step.changed_at = now;
    step.is_changed = true;
}

std::variant<Work, StepError> work_of(const Run& run, const std::string& path)
{
    try {
        const auto record = run.steps.find(path);
        const Step* step = step_at(*run.definition, path);
        if (record == run.steps.end() || step == nullptr)
            throw core::Error{core::ErrorCode::invalid, "there is no step " + path};
        const auto call = call_of(*step, is_undo(path));
        Work work{.subject = call.subject, .timeout = call.timeout, .is_event = call.is_event};
        work.payload = record->second.input ? *record->second.input
                                            : core::dump_json(View(run, path).resolve(call.input));
        work.idempotency_key =
            run.id.to_string() + "/" + path + "/" + std::to_string(record->second.generation);
        return work;
    } catch (const core::Error& error) {
        return StepError{std::string(to_string(error.code())), error.what(), path};
    }
}

}  // namespace lintel::workflow
