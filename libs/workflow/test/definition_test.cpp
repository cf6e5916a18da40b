#include <doctest/doctest.h>

#include <limits>

#include "faults.hpp"
#include "lintel/core/json.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json parse(const char* text)
{
    return lintel::core::parse_json(text);
}

std::vector<std::string> names_of(const Scope& scope)
{
    std::vector<std::string> names;
    for (const auto& step : scope)
        names.push_back(step.name);
    return names;
}

json steps_that_only_come_after(const json& after_by_name)
{
    auto steps = json::array();
    for (const auto& step : after_by_name) {
        auto made = json::object({{"name", step[0]}});
        made["emit"]["subject"] = "done";
        if (step.size() > 1) made["after"] = step[1];
        steps.push_back(std::move(made));
    }
    return steps;
}

}  // namespace

TEST_CASE("what a document does not say has its default")
{
    const auto definition = parse_definition(parse(R"({"name": "a", "steps": [
        {"name": "b", "request": {"subject": "c"}, "compensate": {"request": {"subject": "d"}}},
        {"name": "e", "forEach": {"items": [], "steps": [{"name": "f", "sleep": {"for": "0s"}}]}}]})"));
    CHECK(definition->version == 0);
    CHECK(definition->input_schema.is_null());
    CHECK_FALSE(definition->output);
    const auto& step = definition->steps.at(0);
    CHECK(step.input == json::object());
    CHECK(step.timeout == 5s);
    CHECK(step.retry.initial_interval == 1s);
    CHECK(step.retry.backoff_coefficient == 2);
    CHECK(step.retry.maximum_interval == 100s);
    CHECK(step.retry.maximum_attempts == 0);
    CHECK(step.retry.jitter == 0.2);
    CHECK(step.on_exhausted == OnExhausted::fail);
    CHECK(step.compensate.value().subject == "d");
    CHECK(step.compensate->timeout == 5s);
    CHECK(std::get<ForEachStep>(definition->steps.at(1).kind).max_concurrency == 10);
    CHECK_NOTHROW(check_input(*definition, 17));
}

TEST_CASE("what a document says is read")
{
    const auto definition = parse_definition(parse(R"({"name": "a", "version": 7, "description": "why",
        "output": {"$ref": "/input"},
        "limits": {"concurrency": 1, "concurrencyPerKey": 2, "rate": 3, "ratePerKey": 4, "period": "1m", "key": "k"},
        "steps": [
        {"name": "r", "request": {"subject": "s"}, "input": [1], "timeout": "2m", "onExhausted": "deadLetter",
         "retry": {"initialInterval": "5s", "backoffCoefficient": 1.5, "maximumAttempts": 3, "jitter": 0,
                   "nonRetryable": ["out_of_stock"]}},
        {"name": "w", "signal": {"name": "go", "timeout": "1d", "onTimeout": "continue"}},
        {"name": "u", "sleep": {"until": "2030-01-01T00:00:00Z"}},
        {"name": "c", "workflow": {"definition": "other", "version": 2}, "input": null}]})"));
    CHECK(definition->version == 7);
    CHECK(definition->output == json{{"$ref", "/input"}});
    CHECK(definition->limits.rate_per_key == 4);
    CHECK(definition->limits.period == 1min);
    CHECK(definition->limits.key == "k");
    const auto& request = definition->steps.at(0);
    CHECK(request.retry.maximum_interval == 500s);
    CHECK(request.retry.maximum_attempts == 3);
    CHECK(request.retry.non_retryable == std::vector<std::string>{"out_of_stock"});
    CHECK(request.on_exhausted == OnExhausted::dead_letter);
    const auto& signal = std::get<SignalStep>(definition->steps.at(1).kind);
    CHECK(signal.signal == "go");
    CHECK(signal.timeout == 24h);
    CHECK(signal.continues_on_timeout);
    const auto& sleep = std::get<SleepStep>(definition->steps.at(2).kind);
    CHECK_FALSE(sleep.duration);
    CHECK(sleep.until == "2030-01-01T00:00:00Z");
    const auto& child = definition->steps.at(3);
    CHECK(std::get<ChildStep>(child.kind).version == 2);
    CHECK(child.input == nullptr);
}

TEST_CASE("a step comes after the one before it, or after those that it names")
{
    const auto definition = parse_definition(definition_of(
        steps_that_only_come_after(parse(R"([["a"], ["b"], ["c", []], ["d", ["a", "c"]], ["e"]])"))));
    const auto& steps = definition->steps;
    CHECK(names_of(steps) == std::vector<std::string>{"a", "b", "c", "d", "e"});
    CHECK(steps[0].after.empty());
    CHECK(steps[1].after == std::vector<std::size_t>{0});
    CHECK(steps[2].after.empty());
    CHECK(steps[3].after == std::vector<std::size_t>{0, 2});
    CHECK(steps[4].after == std::vector<std::size_t>{3});
}

TEST_CASE("a step may come after later ones, and is put behind them")
{
    const auto definition = parse_definition(definition_of(
        steps_that_only_come_after(parse(R"([["last", ["x", "y"]], ["x", ["y"]], ["y", []], ["z"]])"))));
    const auto& steps = definition->steps;
    CHECK(names_of(steps) == std::vector<std::string>{"y", "x", "last", "z"});
    CHECK(steps[1].after == std::vector<std::size_t>{0});
    CHECK(steps[2].after == std::vector<std::size_t>{0, 1});
    CHECK(steps[3].after == std::vector<std::size_t>{0});
}

TEST_CASE("a step that waits for itself is a fault, and those behind it are not")
{
    const auto faults = [](const char* text) {
        return fault_pointers(definition_of(steps_that_only_come_after(parse(text))));
    };
    CHECK(faults(R"([["a", ["a"]]])") == Pointers{"/steps/0/after"});
    CHECK(faults(R"([["a", ["c"]], ["b"], ["c"], ["behind"]])") ==
          Pointers{"/steps/0/after", "/steps/1", "/steps/2"});
    CHECK(faults(R"([["a", ["b"]], ["b", ["a"]], ["c", ["d"]], ["d", ["c"]]])") ==
          Pointers{"/steps/0/after", "/steps/1/after", "/steps/2/after", "/steps/3/after"});
}

TEST_CASE("after names siblings of the same list only")
{
    CHECK(fault_pointers(definition_of(parse(R"([
        {"name": "a", "emit": {"subject": "s"}, "after": ["nobody"]},
        {"name": "b", "switch": {"value": 1, "cases": [{"equals": 1, "steps": [
            {"name": "inner", "after": ["a"], "emit": {"subject": "s"}}]}]}},
        {"name": "c", "after": ["inner"], "emit": {"subject": "s"}}])"))) ==
          Pointers{"/steps/0/after/0", "/steps/1/switch/cases/0/steps/0/after/0", "/steps/2/after/0"});
}

TEST_CASE("names are unique in the whole definition, and cases in their switch")
{
    CHECK(fault_pointers(definition_of(parse(R"([
        {"name": "a", "forEach": {"items": [], "steps": [{"name": "b", "emit": {"subject": "s"}}]}},
        {"name": "c", "switch": {"value": 1, "cases": [
            {"equals": 1, "steps": [{"name": "a", "emit": {"subject": "s"}}]},
            {"equals": 1.0, "steps": [{"name": "b", "emit": {"subject": "s"}}]}]}}])"))) ==
          Pointers{"/steps/1/switch/cases/0/steps/0/name", "/steps/1/switch/cases/1/equals",
                   "/steps/1/switch/cases/1/steps/0/name"});
}

TEST_CASE("what a retry policy and limits say must fit together")
{
    CHECK(
        fault_pointers(parse(R"({"name": "a", "limits": {"concurrencyPerKey": 1, "ratePerKey": 1}, "steps": [
        {"name": "b", "request": {"subject": "s"}, "timeout": "3651d",
         "retry": {"initialInterval": "1m", "maximumInterval": "1s"}}]})")) ==
        Pointers{"/limits/concurrencyPerKey", "/limits/ratePerKey", "/steps/0/retry/maximumInterval",
                 "/steps/0/timeout"});
}

TEST_CASE("a definition is bounded")
{
    const auto chain = [](std::size_t count) {
        auto steps = json::array();
        for (std::size_t i = 0; i < count; ++i)
            steps.push_back({{"name", "s" + std::to_string(i)}, {"sleep", {{"for", "1s"}}}});
        return steps;
    };
    CHECK(fault_pointers(definition_of(chain(500))).empty());
    CHECK(fault_pointers(definition_of(chain(501))) == Pointers{"/steps"});

    auto each = json{{"name", "each"}, {"forEach", {{"items", json::array()}, {"steps", chain(499)}}}};
    CHECK(fault_pointers(definition_of(json::array({each}))).empty());
    each["forEach"]["steps"] = chain(500);
    CHECK(fault_pointers(definition_of(json::array({each}))) == Pointers{"/steps/0/forEach/steps"});

    json steps = chain(1);
    for (int level = 0; level < 3; ++level)
        steps = json::array({{{"name", "e" + std::to_string(level)},
                              {"forEach", {{"items", json::array()}, {"steps", std::move(steps)}}}}});
    CHECK(fault_pointers(definition_of(steps), {.nesting = 4}).empty());
    CHECK(fault_pointers(definition_of(steps), {.nesting = 3}) ==
          Pointers{"/steps/0/forEach/steps/0/forEach/steps/0/forEach/steps"});

    auto large = definition_of(chain(1));
    large["description"] = std::string(300'000, 'x');
    CHECK(fault_pointers(large) == Pointers{"too_large"});
    json deep = 1;
    for (int level = 0; level < 70; ++level)
        deep = json::array({std::move(deep)});
    auto with_deep = definition_of(chain(1));
    with_deep["output"] = deep;
    CHECK(fault_pointers(with_deep) == Pointers{"malformed"});
}

TEST_CASE("no more than a hundred faults are told, and how many there are")
{
    auto document = definition_of(json::array());
    for (int i = 0; i < 300; ++i)
        document["steps"].push_back(i);
    try {
        parse_definition(document);
        FAIL("it is taken");
    } catch (const lintel::core::Error& error) {
        CHECK(error.fields().size() == 100);
        CHECK(std::string(error.what()).find("and 299 more") != std::string::npos);
    }
}

TEST_CASE("a step is found in whatever scope it is")
{
    const auto definition = parse_definition(definition_of(parse(R"([
        {"name": "a", "switch": {"value": 1, "cases": [{"equals": 1, "steps": [{"name": "b", "sleep": {"for": "1s"}}]}],
         "default": {"steps": [
            {"name": "c", "forEach": {"items": [], "steps": [{"name": "d", "sleep": {"for": "1s"}}]}}]}}}])")));
    for (const char* name : {"a", "b", "c", "d"}) {
        const auto* step = find_step(*definition, name);
        REQUIRE(step != nullptr);
        CHECK(step->name == name);
    }
    CHECK(find_step(*definition, "e") == nullptr);
}
