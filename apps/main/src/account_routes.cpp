#include "account_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/accounts_endpoints.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kAccounts = "/v1/accounts";
constexpr std::string_view kAccount = "/v1/accounts/{id}";

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_account_create(json_body(request));
    const auto account = co_await workers.change<contracts::AccountsCreate>(request, asked);
    auto location = std::string(kAccounts) + "/" + account.id.to_string();
    co_return created_at<contracts::Account>(std::move(location), account);
}

Task<Response> get(const Workers& workers, Request request)
{
    const contracts::AccountGet asked{path_id(request, "account")};
    return forward_get<contracts::AccountsGet>(workers, std::move(request), asked);
}

Task<Response> patch(const Workers& workers, Request request)
{
    nlohmann::json asked = {{"id", path_id(request, "account").to_string()}};
    return forward_patch<contracts::AccountsUpdate>(workers, std::move(request), std::move(asked));
}

Task<Response> statement(const Workers& workers, Request request)
{
    contracts::StatementGet asked;
    static_cast<contracts::StatementQuery&>(asked) =
        contracts::parse_statement_query_query(request.query.parameters());
    asked.id = path_id(request, "account");
    const auto page =
        co_await workers.read_page<contracts::AccountsStatement>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

}  // namespace

void add_account_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    routes.serve(Method::post, kAccounts, create);
    routes.serve(Method::get, kAccounts,
                 forward_list<contracts::AccountsList, contracts::parse_account_list_query>);
    routes.serve(Method::get, kAccount, get);
    routes.serve(Method::patch, kAccount, patch);
    routes.serve(Method::get, "/v1/accounts/{id}/statement", statement);
}

}  // namespace lintel::main
