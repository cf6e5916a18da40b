#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lintel/core/id.hpp"

namespace lintel::core {

/// The token of the page after the item `last`, bound to `filters`: URL-safe and opaque to callers.
///
/// The binding finds mistakes, it keeps no secret: a token holds nothing but an id that its reader has just
/// been given. `filters` is any text that is the same exactly when the filters are.
std::string make_page_token(const Id& last, std::string_view filters);

/// The item after which the page begins. Throws Error{malformed} for a token that was edited or was given out
/// for other filters.
Id parse_page_token(std::string_view token, std::string_view filters);

/// What the tokens of a list are bound to: its name and its filters, without the page. For the generated list
/// requests.
template <typename Request>
std::string page_filters(std::string_view list, Request request)
{
    request.page_token.reset();
    request.page_size = 1;
    return std::string(list) + ' ' + to_json(request);
}

/// Cuts a page whose items were read with one more than `size`: the one too many tells that there is a next
/// page, whose token the page then gets. For the generated {items, next_page_token}; items have an `id`.
template <typename Page>
void cut_page(Page& page, std::size_t size, std::string_view filters)
{
    if (page.items.size() <= size) return;
    page.items.erase(page.items.begin() + static_cast<std::ptrdiff_t>(size), page.items.end());
    page.next_page_token = make_page_token(page.items.back().id, filters);
}

}  // namespace lintel::core
