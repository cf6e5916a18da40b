#include "intent_routes.hpp"

#include "lintel/core/error.hpp"
#include "request_parts.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Request;
using http::Response;

Task<Response> list(IntentRepository& intents, core::PageLimits limits, Request request)
{
    auto filter = contracts::parse_intent_list_query(request.query.parameters());
    const auto filters = core::page_filters("intents", filter);
    const auto after = filter.page_token ? core::parse_page_token(*filter.page_token, filters) : core::Id();
    const auto size = limits.size(filter.page_size);
    contracts::IntentPage page;
    page.items =
        co_await intents.list(request.context, std::move(filter), after, static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, limits.bytes, filters);
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> retry(IntentRepository& intents, service::IntentRelay& relay, Request request)
{
    request.query.require_known({});
    // Checked and not needed: trying again twice is trying again.
    idempotency_key(request);
    const auto id = path_id(request, "intent");
    // Read first: once it is due it may be delivered, and gone, at any moment.
    auto intent = co_await intents.get(request.context, id);
    const bool is_due = co_await relay.retry(request.context, id);
    if (!intent || !is_due)
        throw core::Error(core::ErrorCode::not_found,
                          "there is no intent " + id.to_string() + "; it may have been delivered meanwhile");
    intent->state = contracts::IntentState::pending;
    intent->next_attempt_at = core::now();
    co_return Response::json(200, contracts::to_json(*intent));
}

}  // namespace

void add_intent_routes(http::Router& routes, IntentRepository& intents, service::IntentRelay& relay,
                       core::PageLimits pages)
{
    routes.add(http::Method::get, "/v1/intents",
               [&intents, pages](Request request) { return list(intents, pages, std::move(request)); });
    routes.add(http::Method::post, "/v1/intents/{id}/retry",
               [&](Request request) { return retry(intents, relay, std::move(request)); });
}

}  // namespace lintel::main
