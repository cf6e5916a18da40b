// libFuzzer: what a client can put into a request line and into the header fields that this library reads
// itself.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lintel/core/error.hpp"
#include "lintel/core/percent.hpp"
#include "lintel/http/problem.hpp"
#include "lintel/http/request.hpp"
#include "lintel/http/router.hpp"
#include "lintel/http/server.hpp"
#include "route_table.hpp"
#include "utf8.hpp"

namespace http = lintel::http;
using lintel::core::Error;

namespace {

void require(bool holds)
{
    if (!holds) std::abort();
}

const http::Router& router()
{
    static const http::Router instance = [] {
        http::Router made;
        for (const auto* path :
             {"/", "/v1/buildings", "/v1/buildings/{id}", "/v1/{a}/{b}/c", "/v1/buildings/search"})
            made.add(http::Method::get, path, http::Handler());
        return made;
    }();
    return instance;
}

void check_coding(std::string_view text)
{
    require(http::percent_decode(lintel::core::percent_encode("x" + std::string(text))).has_value() ==
            (http::is_utf8(text) && text.find('\0') == std::string_view::npos));
    if (const auto decoded = http::percent_decode(text)) {
        require(http::is_utf8(*decoded) && decoded->find('\0') == std::string::npos);
        require(http::percent_decode(lintel::core::percent_encode(*decoded)) == decoded);
    }
}

void check_target(std::string_view text)
{
    try {
        const auto target = http::parse_target(text);
        const auto query = http::Query::parse(target.query);
        for (const auto& [name, value] : query.parameters())
            require(http::is_utf8(name) && http::is_utf8(value));
        const auto match = router().table().match(target.path);
        for (const auto& [name, value] : match.parameters)
            require(http::is_utf8(value) && !value.empty());
    } catch (const Error& error) {
        require(error.code() == lintel::core::ErrorCode::malformed);
        http::problem(error, text, {});
    }
}

void check_fields(std::string_view text)
{
    static const auto authorize = http::bearer_tokens({"secret"});
    http::Request request;
    for (const auto* name : {"Content-Type", "Accept", "Authorization"})
        request.headers.add(name, text);
    request.accepts("application/json");
    try {
        request.require_content_type({"application/json"});
        authorize(request);
    } catch (const Error&) {
        // Refused, as most of this should be.
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_coding(text);
    check_target(text);
    check_fields(text);
    return 0;
}
