#include "simulation/dump.hpp"

namespace lintel::workflow::simulation {
namespace {

using nlohmann::json;

json document(const std::optional<std::string>& text)
{
    return text ? json::parse(*text) : json();
}

json error(const std::optional<StepError>& error)
{
    if (!error) return nullptr;
    auto errors = json::array();
    for (const auto& each : error->errors)
        errors.push_back({{"pointer", each.pointer}, {"detail", each.detail}});
    return {{"code", error->code}, {"message", error->message}, {"step", error->step}, {"errors", errors}};
}

json step(const StepRun& record)
{
    return {{"state", to_string(record.state)},
            {"attempt", record.attempt},
            {"failures", record.failures},
            {"leaseLosses", record.lease_losses},
            {"generation", record.generation},
            {"isUncertain", record.is_uncertain},
            {"dueAt", record.due_at ? json(core::to_rfc3339(*record.due_at)) : json()},
            {"input", document(record.input)},
            {"output", document(record.output)},
            {"error", error(record.error)},
            {"completedAs", record.completed_as},
            {"child", record.child ? json(record.child->to_string()) : json()}};
}

}  // namespace

json dump(const Run& run)
{
    json steps = json::object();
    for (const auto& [path, record] : run.steps)
        steps[path] = step(record);
    json signals = json::array();
    for (const auto& signal : run.signals)
        signals.push_back({{"id", signal.id}, {"name", signal.name}, {"payload", document(signal.payload)}});
    json parent;
    if (run.parent) parent = {{"run", run.parent->run.to_string()}, {"path", run.parent->path}};
    return {{"id", run.id.to_string()},
            {"definition", run.definition->name},
            {"version", run.definition->version},
            {"key", run.key},
            {"status", to_string(run.status)},
            {"input", document(run.input)},
            {"attributes", document(run.attributes)},
            {"output", document(run.output)},
            {"error", error(run.error)},
            {"parent", parent},
            {"isPaused", run.is_paused},
            {"ending", to_string(run.ending)},
            {"steps", steps},
            {"signals", signals}};
}

}  // namespace lintel::workflow::simulation
