#include "contact_info_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/customers_endpoints.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

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

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::ContactInfoCreate asked;
    asked.customer_id = customer_id(request);
    static_cast<contracts::ContactInfoDescription&>(asked) =
        contracts::parse_contact_info_description(json_body(request));
    const auto created = co_await workers.change<contracts::ContactInfosCreate>(request, asked);
    co_return created_at<contracts::ContactInfo>(location_of(created), created);
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
    const contracts::ContactInfoGet asked{customer_id(request), contact_id(request)};
    return forward_get<contracts::ContactInfosGet>(workers, std::move(request), asked);
}

Task<Response> patch(const Workers& workers, Request request)
{
    nlohmann::json asked = {{"customerId", customer_id(request).to_string()},
                            {"id", contact_id(request).to_string()}};
    return forward_patch<contracts::ContactInfosUpdate>(workers, std::move(request), std::move(asked));
}

Task<Response> remove(const Workers& workers, Request request)
{
    contracts::ContactInfoDelete asked;
    asked.customer_id = customer_id(request);
    asked.id = contact_id(request);
    return forward_delete<contracts::ContactInfosDelete>(workers, std::move(request), std::move(asked));
}

}  // namespace

void add_contact_info_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    const std::string contacts = "/v1/customers/{id}/contact-infos";
    routes.serve(Method::post, contacts, create);
    routes.serve(Method::get, contacts, list);
    routes.serve(Method::get, contacts + "/{contactId}", get);
    routes.serve(Method::patch, contacts + "/{contactId}", patch);
    routes.serve(Method::del, contacts + "/{contactId}", remove);
}

}  // namespace lintel::main
