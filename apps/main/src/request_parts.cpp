#include "request_parts.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/idempotency_key.hpp"
#include "lintel/core/json.hpp"

namespace lintel::main {

core::Id path_id(const http::Request& request, std::string_view noun, std::string_view parameter)
{
    const auto id = core::Id::parse(request.path_parameter(parameter));
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

nlohmann::json optional_json_body(const http::Request& request)
{
    return request.body.empty() ? nlohmann::json::object() : json_body(request);
}

void require_no_body(const http::Request& request)
{
    const auto body = optional_json_body(request);
    if (!body.is_object() || !body.empty())
        throw core::Error(core::ErrorCode::invalid, "nothing can be said here; send no body",
                          {{"", "must be absent or an empty object"}});
}

std::string idempotency_key(const http::Request& request)
{
    const auto header = request.headers.find("Idempotency-Key");
    return header ? core::parse_idempotency_key(*header) : std::string();
}

core::Error seen_from(std::string_view place, const core::Error& error)
{
    auto fields = error.fields();
    for (auto& field : fields) {
        const std::string_view pointer = field.pointer;
        if (pointer.starts_with(place) && (pointer.size() == place.size() || pointer[place.size()] == '/'))
            field.pointer.erase(0, place.size());
    }
    core::Error seen(error.code(), error.what(), std::move(fields));
    return error.retry_after() ? std::move(seen).with_retry_after(*error.retry_after()) : std::move(seen);
}

}  // namespace lintel::main
