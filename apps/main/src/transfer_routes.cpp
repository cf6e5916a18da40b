#include "transfer_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/accounts_endpoints.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

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

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_transfer_list_query(request.query.parameters());
    const auto page = co_await workers.read_page<contracts::TransfersList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
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

void add_transfer_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    const std::string transfers(kTransfers);
    serve(Method::post, transfers, create);
    serve(Method::get, transfers, list);
    serve(Method::get, transfers + "/{id}", get);
    serve(Method::post, transfers + "/{id}/post", post);
    serve(Method::post, transfers + "/{id}/void", cancel);
}

}  // namespace lintel::main
