#include "contact_info_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/customers_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

/// Where the body of a PATCH stands in the request to the workers; clients do not see it there.
constexpr std::string_view kPatchAt = "/patch";

core::Id customer_id(const Request& request)
{
    return path_id(request, "customer");
}

core::Id contact_id(const Request& request)
{
    return path_id(request, "contact info", "contactId");
}

std::string location_of(const contracts::ContactInfo& contact)
{
    return "/v1/customers/" + contact.customer_id.to_string() + "/contact-infos/" + contact.id.to_string();
}

Response rendered(int status, const contracts::ContactInfo& contact)
{
    return Response::json(status, contracts::to_json(contact)).with_etag(contact.version);
}

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::ContactInfoCreate asked;
    asked.customer_id = customer_id(request);
    static_cast<contracts::ContactInfoDescription&>(asked) =
        contracts::parse_contact_info_description(json_body(request));
    const auto created = co_await workers.change<contracts::ContactInfosCreate>(request, asked);
    auto response = rendered(201, created).with_location(location_of(created));
    mark_replay(response, created.is_replay);
    co_return response;
}

Task<Response> list(const Workers& workers, Request request)
{
    auto query = contracts::parse_contact_info_query_query(request.query.parameters());
    contracts::ContactInfoList asked;
    asked.customer_id = customer_id(request);
    asked.kind = query.kind;
    asked.page_size = query.page_size;
    asked.page_token = std::move(query.page_token);
    const auto page =
        co_await workers.read_page<contracts::ContactInfosList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const contracts::ContactInfoGet asked{customer_id(request), contact_id(request)};
    const auto contact = co_await workers.read<contracts::ContactInfosGet>(request.context, asked);
    co_return has_current(request, contact.version) ? not_modified(contact.version) : rendered(200, contact);
}

contracts::ContactInfoUpdate update_of(const Request& request)
{
    request.require_content_type({"application/merge-patch+json", "application/json"});
    nlohmann::json wrapped = nlohmann::json::object();
    wrapped["customerId"] = customer_id(request).to_string();
    wrapped["id"] = contact_id(request).to_string();
    wrapped["patch"] = core::parse_json(request.body, request.json_limits);
    auto update = contracts::parse_contact_info_update(wrapped);
    update.expected_versions = expected_versions(request);
    return update;
}

Task<Response> patch(const Workers& workers, Request request)
{
    request.query.require_known({});
    try {
        const auto asked = update_of(request);
        const auto contact = co_await workers.ask<contracts::ContactInfosUpdate>(request.context, asked);
        co_return rendered(200, contact);
    } catch (const core::Error& error) {
        throw seen_from(kPatchAt, error);
    }
}

Task<Response> remove(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::ContactInfoDelete asked;
    asked.customer_id = customer_id(request);
    asked.id = contact_id(request);
    asked.expected_versions = expected_versions(request);
    co_await workers.ask<contracts::ContactInfosDelete>(request.context, asked);
    co_return Response::no_content();
}

}  // namespace

void add_contact_info_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    const std::string contacts = "/v1/customers/{id}/contact-infos";
    serve(Method::post, contacts, create);
    serve(Method::get, contacts, list);
    serve(Method::get, contacts + "/{contactId}", get);
    serve(Method::patch, contacts + "/{contactId}", patch);
    serve(Method::del, contacts + "/{contactId}", remove);
}

}  // namespace lintel::main
