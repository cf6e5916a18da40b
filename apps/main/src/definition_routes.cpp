#include "definition_routes.hpp"

#include <charconv>

#include <nlohmann/json.hpp>

#include "forwarding.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kDefinitions = "/v1/workflow-definitions";
/// Where the body stands in the request to the workers; clients do not see it there.
constexpr std::string_view kBodyAt = "/document";

std::string location_of(const contracts::Definition& definition)
{
    return std::string(kDefinitions) + "/" + definition.name + "/versions/" +
           std::to_string(definition.version);
}

contracts::DefinitionCreate document_of(const Request& request)
{
    nlohmann::json wrapped = nlohmann::json::object();
    wrapped["document"] = json_body(request);
    return contracts::parse_definition_create(wrapped);
}

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    try {
        const auto asked = document_of(request);
        const auto created = co_await workers.change<contracts::DefinitionsCreate>(request, asked);
        const contracts::Definition& definition = created;
        auto response = Response::json(created.is_existing ? 200 : 201, contracts::to_json(definition));
        if (!created.is_existing) response.headers.add("Location", location_of(definition));
        mark_replay(response, created.is_replay);
        co_return response;
    } catch (const core::Error& error) {
        throw seen_from(kBodyAt, error);
    }
}

Task<Response> show(const Workers& workers, const Request& request, contracts::DefinitionGet asked)
{
    const auto definition = co_await workers.read<contracts::DefinitionsGet>(request.context, asked);
    co_return Response::json(200, contracts::to_json(definition));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    auto asked = of_path("definition", [&] {
        return contracts::parse_definition_get({{"name", request.path_parameter("name")}});
    });
    co_return co_await show(workers, request, std::move(asked));
}

/// The number that a version is written as, or the text, which is then refused as one.
nlohmann::json version_of(const std::string& text)
{
    std::int64_t version = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, version);
    if (error != std::errc() || stop != end) return text;
    return version;
}

Task<Response> get_version(const Workers& workers, Request request)
{
    request.query.require_known({});
    auto asked = of_path("definition", [&] {
        return contracts::parse_definition_get({{"name", request.path_parameter("name")},
                                                {"version", version_of(request.path_parameter("version"))}});
    });
    co_return co_await show(workers, request, std::move(asked));
}

}  // namespace

void add_definition_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    const std::string definitions(kDefinitions);
    routes.serve(Method::post, definitions, create);
    routes.serve(Method::get, definitions,
                 forward_list<contracts::DefinitionsList, contracts::parse_definition_list_query>);
    routes.serve(Method::get, definitions + "/{name}", get);
    routes.serve(Method::get, definitions + "/{name}/versions/{version}", get_version);
}

}  // namespace lintel::main
