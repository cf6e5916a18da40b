#include "lintel/core/problem.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace lintel::core;
using nlohmann::json;

TEST_CASE("a problem document has the members of RFC 9457 and ours")
{
    const Error error(ErrorCode::invalid, "it is \"wrong\"", {{"/a", "is missing"}, {"/b~1c", "is\nlong"}});
    CHECK(json::parse(problem_json(error, "/v1/things", "0123")) ==
          json{{"type", "about:blank"},
               {"title", "Unprocessable Content"},
               {"status", 422},
               {"detail", "it is \"wrong\""},
               {"instance", "/v1/things"},
               {"code", "invalid"},
               {"traceId", "0123"},
               {"errors",
                {{{"pointer", "/a"}, {"detail", "is missing"}},
                 {{"pointer", "/b~1c"}, {"detail", "is\nlong"}}}}});
}

TEST_CASE("what is not known is left out")
{
    const auto document = json::parse(problem_json(Error(ErrorCode::internal, "no"), "", ""));
    CHECK(document == json{{"type", "about:blank"},
                           {"title", "Internal Server Error"},
                           {"status", 500},
                           {"detail", "no"},
                           {"code", "internal"}});
}
