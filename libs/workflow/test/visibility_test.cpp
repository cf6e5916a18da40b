#include <doctest/doctest.h>

#include "faults.hpp"
#include "lintel/core/json.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;
using nlohmann::json;

namespace {

Pointers faults_of(const char* steps)
{
    return fault_pointers(definition_of(lintel::core::parse_json(steps)));
}

/// A document whose references, written as `"@name"`, lead to the outputs of steps.
Pointers faults_of_short(std::string steps)
{
    for (std::size_t at = 0; (at = steps.find("\"@", at)) != std::string::npos;) {
        const auto end = steps.find('"', at + 1);
        const auto name = steps.substr(at + 2, end - at - 2);
        steps.replace(at, end - at + 1, R"({"$ref": "/steps/)" + name + R"(/output"})");
    }
    return faults_of(steps.c_str());
}

}  // namespace

TEST_CASE("a step sees those that it comes after, directly or not")
{
    CHECK(faults_of_short(R"([
        {"name": "a", "emit": {"subject": "s"}},
        {"name": "b", "emit": {"subject": "s"}, "input": "@a"},
        {"name": "c", "emit": {"subject": "s"}, "input": ["@a", "@b"]}])")
              .empty());
    CHECK(faults_of_short(R"([
        {"name": "late", "after": ["early"], "emit": {"subject": "s"}, "input": "@early"},
        {"name": "early", "after": [], "emit": {"subject": "s"}}])")
              .empty());
}

TEST_CASE("a step sees neither itself, nor later ones, nor those beside it, nor any that there are not")
{
    CHECK(faults_of_short(R"([
        {"name": "a", "emit": {"subject": "s"}, "input": "@a"},
        {"name": "b", "after": [], "emit": {"subject": "s"}, "input": "@a"},
        {"name": "c", "emit": {"subject": "s"}, "input": ["@d", "@nobody", "@b"]},
        {"name": "d", "emit": {"subject": "s"}}])") == Pointers{"/steps/0/input/$ref", "/steps/1/input/$ref",
                                                                "/steps/2/input/0/$ref",
                                                                "/steps/2/input/1/$ref"});
}

TEST_CASE("inside a switch, a step sees what is before the switch, but neither it nor its other cases")
{
    CHECK(faults_of_short(R"([
        {"name": "a", "emit": {"subject": "s"}},
        {"name": "b", "switch": {"value": "@a", "cases": [
            {"equals": 1, "steps": [{"name": "c", "emit": {"subject": "s"}, "input": "@a"},
                                    {"name": "d", "emit": {"subject": "s"}, "input": "@c"}]},
            {"equals": 2, "steps": [{"name": "e", "emit": {"subject": "s"}, "input": ["@b", "@c"]}]}]}}])") ==
          Pointers{"/steps/1/switch/cases/1/steps/0/input/0/$ref",
                   "/steps/1/switch/cases/1/steps/0/input/1/$ref"});
}

TEST_CASE("what a switch may have skipped needs a default")
{
    const char* steps = R"([
        {"name": "a", "switch": {"value": 1, "cases": [{"equals": 1, "steps": [
            {"name": "b", "switch": {"value": 1, "cases": [{"equals": 1, "steps": [
                {"name": "c", "emit": {"subject": "s"}}]}]}}]}],
            "default": {"steps": [{"name": "d", "emit": {"subject": "s"}}]}}},
        {"name": "e", "emit": {"subject": "s"}, "input": [
            {"$ref": "/steps/a/output"},
            {"$ref": "/steps/b/output"},
            {"$ref": "/steps/c/output", "default": {"$ref": "/steps/d/output", "default": null}},
            {"$ref": "/steps/c/output", "default": {"$ref": "/steps/d/output"}}]}])";
    CHECK(faults_of(steps) == Pointers{"/steps/1/input/1/$ref", "/steps/1/input/3/default/$ref"});
}

TEST_CASE("a forEach shows its element inside, and its whole output outside")
{
    CHECK(faults_of_short(R"([
        {"name": "a", "emit": {"subject": "s"}, "input": {"$ref": "/item"}},
        {"name": "b", "forEach": {"items": "@a", "steps": [
            {"name": "c", "emit": {"subject": "s"}, "input": ["@a", {"$ref": "/item/x"}, {"$ref": "/index"}]},
            {"name": "d", "switch": {"value": {"$ref": "/item"}, "cases": [{"equals": 1, "steps": [
                {"name": "e", "emit": {"subject": "s"}, "input": ["@c", {"$ref": "/item"}, "@b"]}]}]}}]}},
        {"name": "f", "emit": {"subject": "s"}, "input": ["@b", "@c",
            {"$ref": "/steps/e/output", "default": 1}]}])") ==
          Pointers{"/steps/0/input/$ref", "/steps/1/forEach/steps/1/switch/cases/0/steps/0/input/2/$ref",
                   "/steps/2/input/1/$ref", "/steps/2/input/2/$ref"});
}

TEST_CASE("a compensation sees what its step sees, and the step's own output")
{
    CHECK(faults_of_short(R"([
        {"name": "a", "emit": {"subject": "s"}},
        {"name": "b", "request": {"subject": "s"}, "compensate": {
            "request": {"subject": "u"}, "input": ["@a", "@b", "@c"]}},
        {"name": "c", "emit": {"subject": "s"}}])") == Pointers{"/steps/1/compensate/input/2/$ref"});
}

TEST_CASE("the result sees every step of the outermost list, and the key of limits only the input")
{
    const auto document = lintel::core::parse_json(R"({"name": "x",
        "limits": {"key": {"$ref": "/workflow/key"}},
        "output": [{"$ref": "/steps/a/output"}, {"$ref": "/steps/b/output"}, {"$ref": "/steps/c/output"},
                   {"$ref": "/workflow/attributes/x"}, {"$ref": "/item"}],
        "steps": [
            {"name": "a", "emit": {"subject": "s"}},
            {"name": "b", "after": [], "forEach": {"items": [], "steps": [
                {"name": "c", "emit": {"subject": "s"}}]}}]})");
    CHECK(fault_pointers(document) == Pointers{"/limits/key/$ref", "/output/2/$ref", "/output/4/$ref"});
}

TEST_CASE("one cycle does not make a fault of every reference")
{
    CHECK(faults_of_short(R"([
        {"name": "a", "after": ["b"], "emit": {"subject": "s"}},
        {"name": "b", "emit": {"subject": "s"}, "input": "@a"},
        {"name": "c", "emit": {"subject": "s"}, "input": "@a"}])") == Pointers{"/steps/0/after", "/steps/1"});
}

TEST_CASE("only a compensation sees the failure")
{
    CHECK(faults_of(R"([
        {"name": "a", "request": {"subject": "s"},
         "compensate": {"request": {"subject": "u"},
                        "input": [{"$ref": "/failure"}, {"$ref": "/failure/errors/0/detail"}]}}])")
              .empty());
    CHECK(faults_of(R"([
        {"name": "a", "request": {"subject": "s"}, "input": {"$ref": "/failure"},
         "compensate": {"request": {"subject": "u"}, "input": {"$ref": "/failure/why"}}}])") ==
          Pointers{"/steps/0/compensate/input/$ref", "/steps/0/input/$ref"});
}
