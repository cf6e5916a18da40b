#include "turn.hpp"

#include "ending.hpp"
#include "lintel/core/json.hpp"

namespace lintel::workflow {

StepRun* Turn::find(std::string_view path)
{
    const auto found = run.steps.find(path);
    return found == run.steps.end() ? nullptr : &found->second;
}

StepRun& Turn::at(const std::string& path)
{
    const auto [found, is_new] = run.steps.try_emplace(path);
    if (is_new) found->second.path = path;
    return found->second;
}

void Turn::change(StepRun& record, StepState state)
{
    record.state = state;
    record.changed_at = moment.now;
    record.is_changed = true;
}

void Turn::make_ready(StepRun& record)
{
    record.due_at.reset();
    change(record, run.is_paused ? StepState::held : StepState::ready);
}

void Turn::schedule(StepRun& record, core::Timestamp due_at)
{
    record.due_at = due_at;
    change(record, run.is_paused ? StepState::held : StepState::scheduled);
}

void Turn::complete(StepRun& record, std::string output, const nlohmann::json& told)
{
    record.output = std::move(output);
    record.error.reset();
    record.due_at.reset();
    record.is_uncertain = false;
    record.completed_as = ++run.completions;
    change(record, StepState::completed);
    tell(is_undo(record.path) ? "step.undone" : "step.completed", record.path, told);
}

void Turn::bury(StepRun& record, StepError error)
{
    error.step = record.path;
    record.error = std::move(error);
    record.due_at.reset();
    change(record, StepState::dead);
    tell("step.dead", record.path, {{"attempt", record.attempt}, {"error", describe(*record.error)}});
}

void Turn::fail(StepRun& record, StepError error)
{
    if (error.step.empty()) error.step = record.path;
    if (run.ending == Ending::none && find_begun_pivot(*this, record.path) != nullptr) {
        bury(record, std::move(error));
        return;
    }
    record.error = error;
    record.due_at.reset();
    change(record, StepState::failed);
    tell("step.failed", record.path, {{"attempt", record.attempt}, {"error", describe(error)}});
    end_as(Ending::failed, std::move(error));
}

void Turn::cancel(StepRun& record)
{
    record.due_at.reset();
    change(record, StepState::cancelled);
}

void Turn::tell(std::string type, const std::string& step, const nlohmann::json& data)
{
    effects.history.push_back({std::move(type), step, data.empty() ? "{}" : core::dump_json(data)});
}

void Turn::end_as(Ending ending, StepError error)
{
    if (run.ending != Ending::none) return;
    run.ending = ending;
    run.error = std::move(error);
    end_children(false);
}

void Turn::end_children(bool terminates)
{
    for (const auto& [path, record] : run.steps)
        if (record.state == StepState::waiting && record.child)
            effects.commands.push_back(EndChild{*record.child, terminates});
}

void Turn::finish(RunStatus status)
{
    run.status = status;
    run.is_paused = false;
    auto told = nlohmann::json::object();
    if (run.error) told["error"] = describe(*run.error);
    tell("run." + std::string(to_string(status)), {}, told);
    if (!run.parent) return;
    ChildEnded ended{.path = run.parent->path, .child = run.id, .output = run.output};
    if (run.error) ended.error = *run.error;
    effects.commands.push_back(TellParent{*run.parent, std::move(ended)});
}

nlohmann::json describe(const StepError& error)
{
    nlohmann::json described{{"code", error.code}, {"message", error.message}};
    if (!error.step.empty()) described["step"] = error.step;
    if (!error.errors.empty()) described["errors"] = describe(error.errors);
    return described;
}

nlohmann::json describe(const std::vector<core::FieldError>& errors)
{
    auto described = nlohmann::json::array();
    for (const auto& each : errors)
        described.push_back({{"pointer", each.pointer}, {"detail", each.detail}});
    return described;
}

nlohmann::json describe_failure(const Run& run)
{
    if (run.ending == Ending::none) return nullptr;
    nlohmann::json failure{{"status", to_string(run.ending)}};
    if (!run.error) return failure;
    if (run.ending == Ending::failed) {
        failure.update(describe(*run.error));
    } else if (!run.error->message.empty()) {
        failure["reason"] = run.error->message;
    }
    return failure;
}

StepError invalid(const std::string& message, const std::string& path)
{
    return {std::string(to_string(core::ErrorCode::invalid)), message, path};
}

void take_back(StepRun& record, bool is_new_effect, core::Timestamp now)
{
    StepRun fresh{.path = record.path, .attempt = record.attempt, .generation = record.generation};
    if (is_new_effect || record.child) {
        ++fresh.generation;
    } else {
        fresh.is_uncertain = record.is_uncertain;
        fresh.input = record.input;
    }
    fresh.changed_at = now;
    fresh.is_changed = true;
    record = std::move(fresh);
}

}  // namespace lintel::workflow
