#include "lintel/http/router.hpp"

#include <doctest/doctest.h>

#include "lintel/core/error.hpp"
#include "route_table.hpp"

using namespace lintel::http;
using lintel::core::Error;
using lintel::core::Task;

namespace {

Task<Response> nothing(Request)
{
    co_return Response{};
}

Router buildings()
{
    Router router;
    router.add(Method::get, "/v1/buildings/{id}", nothing);
    router.add(Method::patch, "/v1/buildings/{id}", nothing);
    router.add(Method::get, "/v1/{kind}/search", nothing);
    router.add(Method::get, "/v1/buildings/search", nothing);
    router.add(Method::get, "/v1/buildings", nothing);
    router.add(Method::post, "/v1/buildings", nothing);
    router.add(Method::get, "/v1/buildings/{id}/workflows/{name}", nothing);
    router.add(Method::get, "/", nothing);
    return router;
}

std::string template_of(const Router& router, std::string_view path)
{
    const auto match = router.table().match(path);
    return match.route ? match.route->path_template : "none";
}

}  // namespace

TEST_CASE("a path finds its template, literal segments before parameters")
{
    const auto router = buildings();
    CHECK(template_of(router, "/") == "/");
    CHECK(template_of(router, "/v1/buildings") == "/v1/buildings");
    CHECK(template_of(router, "/v1/buildings/7") == "/v1/buildings/{id}");
    CHECK(template_of(router, "/v1/buildings/search") == "/v1/buildings/search");
    CHECK(template_of(router, "/v1/rooms/search") == "/v1/{kind}/search");
    CHECK(template_of(router, "/v1/buildings/7/workflows/x") == "/v1/buildings/{id}/workflows/{name}");
    CHECK(template_of(router, "/v1/%62uildings") == "/v1/buildings");

    for (const auto* path :
         {"/v1/buildings/", "//v1/buildings", "/v1", "/v1/buildings/7/", "/v1/buildings//workflows/x",
          "/V1/buildings", "v1/buildings", "*", "/v1/buildings/7/workflows/x/y"}) {
        CAPTURE(path);
        CHECK(template_of(router, path) == "none");
    }
}

TEST_CASE("the order of registration does not decide which template wins")
{
    Router router;
    router.add(Method::get, "/a/{x}/c", nothing);
    router.add(Method::get, "/other/{x}", nothing);
    router.add(Method::get, "/{x}/b/c", nothing);
    router.add(Method::get, "/a/b/{x}", nothing);
    router.add(Method::get, "/a/b/c", nothing);
    CHECK(template_of(router, "/a/b/c") == "/a/b/c");
    CHECK(template_of(router, "/a/b/d") == "/a/b/{x}");
    CHECK(template_of(router, "/a/z/c") == "/a/{x}/c");
    CHECK(template_of(router, "/z/b/c") == "/{x}/b/c");
}

TEST_CASE("parameters are decoded one segment at a time")
{
    const auto router = buildings();
    const auto match = router.table().match("/v1/buildings/a%2Fb%20c/workflows/%C3%A9");
    REQUIRE(match.parameters.size() == 2);
    CHECK(match.parameters[0].first == "id");
    CHECK(match.parameters[0].second == "a/b c");
    CHECK(match.parameters[1].second == "\xC3\xA9");
    CHECK_THROWS_AS(router.table().match("/v1/buildings/%zz"), Error);
    CHECK_THROWS_AS(router.table().match("/v1/buildings/%00"), Error);
    CHECK_THROWS_AS(router.table().match("/nowhere/%ff"), Error);
}

TEST_CASE("GET serves HEAD, and Allow names what is served")
{
    const auto router = buildings();
    const auto* route = router.table().match("/v1/buildings").route;
    REQUIRE(route);
    CHECK(route->find(Method::head) == route->find(Method::get));
    CHECK(route->find(Method::post));
    CHECK_FALSE(route->find(Method::del));
    CHECK_FALSE(route->find(Method::other));
    CHECK(route->allow() == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("a template that cannot work is refused when it is added")
{
    Router router;
    for (const auto* text : {"", "v1", "/v1/{", "/v1/{}", "/v1/x{id}", "/v1/{id}x"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(router.add(Method::get, text, nothing), Error);
    }
    router.add(Method::get, "/v1", nothing);
    CHECK_THROWS_AS(router.add(Method::get, "/v1", nothing), Error);
}
