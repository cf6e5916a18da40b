#include "building_routes.hpp"

#include <nlohmann/json.hpp>

#include "entity_response.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

/// The way to all of them, and of one.
constexpr std::string_view kBuildings = "/v1/buildings";
constexpr std::string_view kBuilding = "/v1/buildings/{id}";

Task<Response> create(BuildingService& buildings, Request request)
{
    request.query.require_known({});
    auto key = idempotency_key(request);
    auto building = contracts::parse_building_create(json_body(request));
    const auto created = co_await buildings.create(request.context, std::move(building), std::move(key));
    auto response = rendered(201, created.building)
                        .with_location(std::string(kBuildings) + "/" + created.building.id.to_string());
    mark_replay(response, created.is_replay);
    co_return response;
}

Task<Response> list(BuildingService& buildings, Request request)
{
    auto filter = contracts::parse_building_list_query(request.query.parameters());
    const auto page = co_await buildings.list(request.context, std::move(filter));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(BuildingService& buildings, Request request)
{
    request.query.require_known({});
    const auto building = co_await buildings.get(request.context, path_id(request, "building"));
    co_return has_current(request, building.version) ? not_modified(building.version)
                                                     : rendered(200, building);
}

Task<Response> patch(BuildingService& buildings, Request request)
{
    request.query.require_known({});
    request.require_content_type({"application/merge-patch+json", "application/json"});
    auto document = core::parse_json(request.body, request.json_limits);
    co_return rendered(200, co_await buildings.patch(request.context, path_id(request, "building"),
                                                     std::move(document), expected_versions(request)));
}

Task<Response> remove(BuildingService& buildings, Request request)
{
    request.query.require_known({});
    co_await buildings.remove(request.context, path_id(request, "building"), expected_versions(request));
    co_return Response::no_content();
}

}  // namespace

void add_building_routes(http::Router& routes, BuildingService& buildings)
{
    const auto serve = [&](Method method, std::string_view path, auto handler) {
        routes.add(method, path,
                   [&buildings, handler](Request request) { return handler(buildings, std::move(request)); });
    };
    serve(Method::post, kBuildings, create);
    serve(Method::get, kBuildings, list);
    serve(Method::get, kBuilding, get);
    serve(Method::patch, kBuilding, patch);
    serve(Method::del, kBuilding, remove);
}

}  // namespace lintel::main
