#include "account_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/accounts_endpoints.hpp"
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

constexpr std::string_view kAccounts = "/v1/accounts";
/// Where the body of a PATCH stands in the request to the workers; clients do not see it there.
constexpr std::string_view kPatchAt = "/patch";

Response rendered(int status, const contracts::Account& account)
{
    return Response::json(status, contracts::to_json(account)).with_etag(account.version);
}

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_account_create(json_body(request));
    const auto created = co_await workers.change<contracts::AccountsCreate>(request, asked);
    auto response =
        rendered(201, created).with_location(std::string(kAccounts) + "/" + created.id.to_string());
    mark_replay(response, created.is_replay);
    co_return response;
}

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_account_list_query(request.query.parameters());
    const auto page = co_await workers.read_page<contracts::AccountsList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const contracts::AccountGet asked{path_id(request, "account")};
    const auto account = co_await workers.read<contracts::AccountsGet>(request.context, asked);
    co_return has_current(request, account.version) ? not_modified(account.version) : rendered(200, account);
}

contracts::AccountUpdate update_of(const Request& request)
{
    request.require_content_type({"application/merge-patch+json", "application/json"});
    nlohmann::json wrapped = nlohmann::json::object();
    wrapped["id"] = path_id(request, "account").to_string();
    wrapped["patch"] = core::parse_json(request.body, request.json_limits);
    auto update = contracts::parse_account_update(wrapped);
    update.expected_versions = expected_versions(request);
    return update;
}

Task<Response> patch(const Workers& workers, Request request)
{
    request.query.require_known({});
    try {
        const auto asked = update_of(request);
        const auto account = co_await workers.ask<contracts::AccountsUpdate>(request.context, asked);
        co_return rendered(200, account);
    } catch (const core::Error& error) {
        throw seen_from(kPatchAt, error);
    }
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

void add_account_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    const std::string accounts(kAccounts);
    serve(Method::post, accounts, create);
    serve(Method::get, accounts, list);
    serve(Method::get, accounts + "/{id}", get);
    serve(Method::patch, accounts + "/{id}", patch);
    serve(Method::get, accounts + "/{id}/statement", statement);
}

}  // namespace lintel::main
