#include "transfer_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/accounts_endpoints.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kTransfers = "/v1/transfers";

Response rendered(const contracts::TransferChanged& transfer)
{
    // Whether it was done now is in a header.
    const contracts::Transfer& shown = transfer;
    auto response = Response::json(200, contracts::to_json(shown));
    mark_replay(response, transfer.is_replay);
    return response;
}

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_transfer_create(json_body(request));
    const auto created = co_await workers.change<contracts::TransfersCreate>(request, asked);
    const contracts::TransferFamily& shown = created;
    auto response = Response::json(201, contracts::to_json(shown))
                        .with_location(std::string(kTransfers) + "/" + created.id.to_string());
    mark_replay(response, created.is_replay);
    co_return response;
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const contracts::TransferGet asked{path_id(request, "transfer")};
    const auto transfer = co_await workers.read<contracts::TransfersGet>(request.context, asked);
    co_return Response::json(200, contracts::to_json(transfer));
}

Task<Response> post(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::TransferPost asked;
    static_cast<contracts::TransferPostBody&>(asked) =
        contracts::parse_transfer_post_body(optional_json_body(request));
    asked.id = path_id(request, "transfer");
    co_return rendered(co_await workers.change<contracts::TransfersPost>(request, asked));
}

Task<Response> cancel(const Workers& workers, Request request)
{
    request.query.require_known({});
    require_no_body(request);
    const contracts::TransferVoid asked{path_id(request, "transfer")};
    co_return rendered(co_await workers.change<contracts::TransfersVoid>(request, asked));
}

}  // namespace

void add_transfer_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    const std::string transfers(kTransfers);
    routes.serve(Method::post, transfers, create);
    routes.serve(Method::get, transfers,
                 forward_list<contracts::TransfersList, contracts::parse_transfer_list_query>);
    routes.serve(Method::get, transfers + "/{id}", get);
    routes.serve(Method::post, transfers + "/{id}/post", post);
    routes.serve(Method::post, transfers + "/{id}/void", cancel);
}

}  // namespace lintel::main
