#include "request_parts.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/idempotency_key.hpp"
#include "lintel/core/json.hpp"

namespace lintel::main {

core::Id path_id(const http::Request& request, std::string_view noun)
{
    const auto id = core::Id::parse(request.path_parameter("id"));
    if (!id)
        throw core::Error(core::ErrorCode::not_found,
                          "there is no such " + std::string(noun) + "; ids are UUIDs");
    return *id;
}

nlohmann::json json_body(const http::Request& request)
{
    request.require_content_type({"application/json"});
    return core::parse_json(request.body, request.json_limits);
}

std::string idempotency_key(const http::Request& request)
{
    const auto header = request.headers.find("Idempotency-Key");
    return header ? core::parse_idempotency_key(*header) : std::string();
}

}  // namespace lintel::main
