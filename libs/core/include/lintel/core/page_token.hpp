#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
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

/// Above every id that is made: where a list begins that has the newest first.
Id newest_id();

/// The item before which a page of such a list begins: that of `token`, if there is one. Throws as
/// parse_page_token().
Id page_start(const std::optional<std::string>& token, std::string_view filters);

/// What the tokens of a list are bound to: its name and its filters, without the page. For the generated list
/// requests.
template <typename Request>
std::string page_filters(std::string_view list, Request request)
{
    request.page_token.reset();
    request.page_size = 1;
    return std::string(list) + ' ' + to_json(request);
}

/// What a page of a list may be at most.
struct PageLimits {
    std::size_t items = 200;
    /// Of the page as JSON. One item is on every page, however large it is.
    std::size_t bytes = (1U << 20) - (8U << 10);

    /// How many items a page has for which `asked` were asked.
    std::size_t size(std::int64_t asked) const noexcept
    {
        return std::min(items, static_cast<std::size_t>(std::max<std::int64_t>(asked, 1)));
    }
};

/// How many of `items` a page of so many bytes holds: one at least, if there is one.
template <typename Items>
std::size_t count_fitting(const Items& items, std::size_t bytes)
{
    /// {"items":[],"nextPageToken":""} with its token.
    constexpr std::size_t kFrame = 128;
    std::size_t used = kFrame;
    std::size_t count = 0;
    for (const auto& item : items) {
        used += to_json(item).size() + 1;
        if (used > bytes && count > 0) break;
        ++count;
    }
    return count;
}

/// Cuts a page whose items were read with one more than `size`: the one too many tells that there is a next
/// page, whose token the page then gets; so does a page that would be larger than `bytes`. For the generated
/// {items, next_page_token}; items have an `id` and a to_json().
template <typename Page>
void cut_page(Page& page, std::size_t size, std::size_t bytes, std::string_view filters)
{
    const auto kept = std::min(size, count_fitting(page.items, bytes));
    if (page.items.size() <= kept) return;
    page.items.erase(page.items.begin() + static_cast<std::ptrdiff_t>(kept), page.items.end());
    page.next_page_token = make_page_token(page.items.back().id, filters);
}

}  // namespace lintel::core
