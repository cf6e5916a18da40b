#include "lintel/workflow/mapping.hpp"

#include <doctest/doctest.h>

#include "lintel/core/json.hpp"

using namespace lintel::workflow;
using lintel::core::Error;
using lintel::core::ErrorCode;
using nlohmann::json;

namespace {

struct World {
    json input = {
        {"a", 1}, {"list", {10, 20, 30}}, {"a/b", {{"~", "odd"}}}, {"nothing", nullptr}, {"", "unnamed"}};
    json workflow = {{"id", "w1"}, {"attributes", {{"tenant", "t"}}}};
    json item = {{"sku", "x"}};
    json output = {{"id", 7}};
    References references{&input, &workflow, &item, 4,
                          [this](const std::string& step) { return step == "done" ? &output : nullptr; }};

    json resolve(const char* mapping) const
    {
        return lintel::workflow::resolve(lintel::core::parse_json(mapping), references);
    }
    json at(const std::string& pointer) const
    {
        return lintel::workflow::resolve(json{{"$ref", pointer}, {"default", "absent"}}, references);
    }
};

}  // namespace

TEST_CASE("references are replaced, everything else stands for itself")
{
    const World world;
    CHECK(
        world.resolve(
            R"({"x": [{"$ref": "/input/a"}, "/input/a", null, {"y": {"$ref": "/steps/done/output/id"}}]})") ==
        json::parse(R"({"x": [1, "/input/a", null, {"y": 7}]})"));
    CHECK(world.resolve("17") == 17);
    CHECK(world.resolve("{}") == json::object());
    CHECK(world.resolve(R"({"$literal": {"$ref": "/input/a"}})") == json{{"$ref", "/input/a"}});
}

TEST_CASE("a reference is a JSON pointer")
{
    const World world;
    CHECK(world.at("/input") == world.input);
    CHECK(world.at("/input/list/1") == 20);
    CHECK(world.at("/input/a~1b/~0") == "odd");
    CHECK(world.at("/input/") == "unnamed");
    CHECK(world.at("/input/nothing") == nullptr);
    CHECK(world.at("/workflow/attributes/tenant") == "t");
    CHECK(world.at("/item/sku") == "x");
    CHECK(world.at("/index") == 4);
    CHECK(world.at("/steps/done/output") == world.output);
    for (const char* pointer :
         {"/input/b", "/input/a/x", "/input/list/3", "/input/list/01", "/input/list/-", "/input/list/+1",
          "/input/list/99999999999999999999", "/input/a~2", "/index/0", "/steps/open/output", "/steps/done",
          "/steps/done/input", "/other", "", "input"}) {
        CAPTURE(pointer);
        CHECK(world.at(pointer) == "absent");
    }
}

TEST_CASE("outside of a forEach there is neither item nor index, and what is not given is not there")
{
    const References nothing;
    for (const char* pointer : {"/input", "/workflow/id", "/item", "/index", "/steps/a/output"})
        CHECK(resolve(json{{"$ref", pointer}, {"default", 0}}, nothing) == 0);
}

TEST_CASE("a default is a mapping of its own, and null is somewhere")
{
    const World world;
    CHECK(world.resolve(R"({"$ref": "/steps/open/output", "default": {"$ref": "/steps/done/output/id"}})") ==
          7);
    CHECK(world.resolve(R"({"$ref": "/steps/open/output", "default": {"$literal": {"$ref": 1}}})") ==
          json{{"$ref", 1}});
    CHECK(world.resolve(R"({"$ref": "/input/nothing", "default": 1})") == nullptr);
}

TEST_CASE("a reference that leads nowhere is named")
{
    const World world;
    try {
        world.resolve(R"([{"$ref": "/input/b"}])");
        FAIL("it is taken");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid);
        CHECK(std::string(error.what()).find("/input/b") != std::string::npos);
    }
}

TEST_CASE("a few references do not make something huge")
{
    World world;
    world.input = std::string(1000, 'x');
    auto mapping = json::array();
    for (int i = 0; i < 10; ++i)
        mapping.push_back({{"$ref", "/input"}});
    CHECK(resolve(mapping, world.references, 11'000).size() == 10);
    try {
        resolve(mapping, world.references, 9'000);
        FAIL("it is taken");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::too_large);
    }
}
