#include "options.hpp"

#include <cstdio>
#include <cstdlib>

#include <cxxopts.hpp>
#include <nlohmann/json.hpp>

#include "lintel/core/json.hpp"

namespace lintel::load {
namespace {

using nlohmann::json;

json step_of(const Options& options, int number)
{
    json step{{"name", "step" + std::to_string(number)}};
    if (options.kind == "sleep") {
        step["sleep"] = {{"until", {{"$ref", "/input/until"}}}};
        return step;
    }
    if (options.kind == "signal") {
        step["signal"] = {{"name", "go"}, {"timeout", "720h"}};
        return step;
    }
    step[options.kind] = {{"subject", kStepSubject}};
    step["input"] = {{"n", {{"$ref", "/input/n"}}}, {"at", number}};
    step["timeout"] = "30s";
    if (!options.step_log.empty()) step["input"]["workflow"] = {{"$ref", "/workflow/id"}};
    return step;
}

std::chrono::milliseconds milliseconds(const cxxopts::ParseResult& given, const std::string& name)
{
    return std::chrono::milliseconds(given[name].as<int>());
}

}  // namespace

Options parse_options(int argc, char** argv)
{
    using cxxopts::value;
    cxxopts::Options declared("workflow_load",
                              "Starts workflows over NATS and answers what their steps ask for.");
    auto add = declared.add_options();
    add("nats", "URL of the broker", value<std::string>()->default_value("nats://127.0.0.1:4222"));
    add("definition", "its name; made when it is not there", value<std::string>()->default_value("bench"));
    add("kind", "of its steps: request, emit, sleep or signal",
        value<std::string>()->default_value("request"));
    add("steps", "of each workflow", value<int>()->default_value("3"));
    add("in-flight", "workflows under way at a time", value<int>()->default_value("64"));
    add("rate", "starts a second instead, whatever is under way", value<double>()->default_value("0"));
    add("warmup", "ms before the window", value<int>()->default_value("1000"));
    add("duration", "ms of the window", value<int>()->default_value("0"));
    add("count", "without a window: workflows to start", value<int>()->default_value("0"));
    add("step-time", "ms that a step takes", value<int>()->default_value("0"));
    add("until", "RFC 3339 time for sleeping steps", value<std::string>()->default_value(""));
    add("step-log", "file for a line of each request", value<std::string>()->default_value(""));
    add("help", "this");
    const auto given = declared.parse(argc, argv);
    if (given.count("help") > 0) {
        std::fputs(declared.help().c_str(), stdout);
        std::exit(0);
    }
    return {given["nats"].as<std::string>(),  given["definition"].as<std::string>(),
            given["kind"].as<std::string>(),  given["steps"].as<int>(),
            given["in-flight"].as<int>(),     given["rate"].as<double>(),
            milliseconds(given, "warmup"),    milliseconds(given, "duration"),
            given["count"].as<int>(),         milliseconds(given, "step-time"),
            given["until"].as<std::string>(), given["step-log"].as<std::string>()};
}

std::string definition_document(const Options& options)
{
    auto steps = json::array();
    for (int number = 1; number <= options.steps; ++number)
        steps.push_back(step_of(options, number));
    return core::dump_json({{"name", options.definition}, {"version", 1}, {"steps", std::move(steps)}});
}

}  // namespace lintel::load
