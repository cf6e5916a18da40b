#pragma once

#include <optional>
#include <string>
#include <utility>

#include "lintel/core/page_token.hpp"
#include "lintel/service/host.hpp"
#include "lintel/service/intent_relay.hpp"

// What operators ask of a service that keeps promises (IntentRelay): which of them are open, and to try one
// again. `List` and `Retry` are the service's own endpoints `<service>.intents.list` and `.retry`, traits
// generated from contracts/; their types are the same for all services.

namespace lintel::service {

/// An intent as contracts/ has it.
template <typename Intent>
Intent shown_intent(storage::IntentView view)
{
    using State = decltype(Intent::state);
    Intent intent;
    intent.id = view.id;
    intent.subject = std::move(view.subject);
    intent.resource_id = view.resource_id;
    intent.state = view.state == storage::IntentView::State::failed ? State::failed : State::pending;
    intent.attempts = view.attempts;
    intent.next_attempt_at = view.next_attempt_at;
    intent.last_error = std::move(view.last_error);
    intent.created_at = view.created_at;
    return intent;
}

/// A page of the service's intents, the oldest first. Throws core::Error{malformed} for a page token that is
/// none of this service and these filters.
template <typename List>
core::Task<typename List::Reply> list_intents(IntentRelay& relay, core::PageLimits pages,
                                              telemetry::Context context, typename List::Request request)
{
    using Page = typename List::Reply;
    using Intent = typename decltype(Page::items)::value_type;
    using State = storage::IntentView::State;
    const auto filters = core::page_filters(List::kSubject, request);
    const auto after = request.page_token ? core::parse_page_token(*request.page_token, filters) : core::Id();
    std::optional<State> state;
    if (request.state)
        state = *request.state == decltype(Intent::state)::failed ? State::failed : State::pending;
    const auto size = pages.size(request.page_size);
    auto found = co_await relay.list(std::move(context), state, after, size + 1);
    Page page;
    for (auto& view : found)
        page.items.push_back(shown_intent<Intent>(std::move(view)));
    core::cut_page(page, size, pages.bytes, filters);
    co_return page;
}

/// Makes an intent due at once. Throws core::Error{not_found}.
template <typename Retry>
core::Task<typename Retry::Reply> retry_intent(IntentRelay& relay, telemetry::Context context, core::Id id)
{
    auto intent = co_await relay.retry(std::move(context), id);
    if (!intent)
        throw core::Error(core::ErrorCode::not_found,
                          "there is no intent " + id.to_string() + "; it may have been delivered meanwhile");
    co_return shown_intent<typename Retry::Reply>(std::move(*intent));
}

/// Answers both over NATS. `relay` outlives the host's endpoints.
template <typename List, typename Retry>
void serve_intents(Host& host, IntentRelay& relay)
{
    const auto pages = host.settings().pages;
    host.endpoints().serve<List>(
        [&relay, pages](const messaging::Request& request, typename List::Request list) {
            return list_intents<List>(relay, pages, request.context, std::move(list));
        });
    host.endpoints().serve<Retry>([&relay](const messaging::Request& request, typename Retry::Request retry) {
        return retry_intent<Retry>(relay, request.context, retry.id);
    });
}

}  // namespace lintel::service
