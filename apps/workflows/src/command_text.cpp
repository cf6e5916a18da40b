#include "command_text.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::workflows {
namespace {

using nlohmann::json;
using workflow::EndChild;
using workflow::StartChild;
using workflow::TellParent;

json to_json(const workflow::StepError& error)
{
    json value = {{"code", error.code}, {"message", error.message}, {"step", error.step}};
    for (const auto& each : error.errors)
        value["errors"].push_back({{"pointer", each.pointer}, {"detail", each.detail}});
    return value;
}

std::string text_of(const json& value, const char* member)
{
    return value.at(member).get<std::string>();
}

workflow::StepError error_of(const json& value)
{
    workflow::StepError error{text_of(value, "code"), text_of(value, "message"), text_of(value, "step")};
    if (const auto errors = value.find("errors"); errors != value.end())
        for (const auto& each : *errors)
            error.errors.push_back({text_of(each, "pointer"), text_of(each, "detail")});
    return error;
}

json to_json(const workflow::Parent& parent)
{
    return {{"run", parent.run.to_string()}, {"path", parent.path}};
}

core::Id id_of(const json& value)
{
    const auto id = core::Id::parse(value.get<std::string>());
    if (!id) throw core::Error(core::ErrorCode::internal, "a stored command has an id that is none");
    return *id;
}

workflow::Parent parent_of(const json& value)
{
    return {id_of(value.at("run")), text_of(value, "path")};
}

json to_json(const StartChild& command)
{
    return {{"do", "start"},
            {"id", command.id.to_string()},
            {"parent", to_json(command.parent)},
            {"definition", command.definition},
            {"version", command.version},
            {"input", command.input}};
}

json to_json(const EndChild& command)
{
    return {{"do", "end"}, {"id", command.id.to_string()}, {"terminates", command.terminates}};
}

json to_json(const TellParent& command)
{
    json value = {{"do", "tell"},
                  {"parent", to_json(command.parent)},
                  {"child", command.ended.child.to_string()},
                  {"error", to_json(command.ended.error)}};
    if (command.ended.output) value["output"] = *command.ended.output;
    return value;
}

}  // namespace

std::string to_text(const workflow::Command& command)
{
    return core::dump_json(std::visit([](const auto& each) { return to_json(each); }, command));
}

workflow::Command command_from_text(std::string_view text)
{
    const auto value = json::parse(text);
    const auto what = text_of(value, "do");
    if (what == "end") return EndChild{id_of(value.at("id")), value.at("terminates").get<bool>()};
    const auto parent = parent_of(value.at("parent"));
    if (what == "start")
        return StartChild{id_of(value.at("id")), parent, text_of(value, "definition"),
                          value.at("version").get<std::int64_t>(), text_of(value, "input")};
    workflow::ChildEnded ended{parent.path, id_of(value.at("child")), {}, error_of(value.at("error"))};
    if (value.contains("output")) ended.output = text_of(value, "output");
    return TellParent{parent, std::move(ended)};
}

std::string to_text(const workflow::StepError& error)
{
    return core::dump_json(to_json(error));
}

std::optional<std::string> error_text(const std::optional<workflow::StepError>& error)
{
    if (!error) return std::nullopt;
    return to_text(*error);
}

workflow::StepError error_from_text(std::string_view text)
{
    return error_of(json::parse(text));
}

core::Id recipient(const workflow::Command& command)
{
    if (const auto* start = std::get_if<StartChild>(&command)) return start->id;
    if (const auto* end = std::get_if<EndChild>(&command)) return end->id;
    return std::get<TellParent>(command).parent.run;
}

}  // namespace lintel::workflows
