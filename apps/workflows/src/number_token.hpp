#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lintel/core/page_token.hpp"

namespace lintel::workflows {

/// Page tokens of lists that go by a number; see core::make_page_token().
std::string make_number_token(std::int64_t last, std::string_view filters);
std::int64_t parse_number_token(std::string_view token, std::string_view filters);

/// A page of such a list: of items with their numbers, read with one more than `size`. As core::cut_page().
template <typename Page, typename Item>
Page numbered_page(const std::vector<std::pair<std::int64_t, Item>>& found, std::size_t size,
                   std::size_t bytes, std::string_view filters)
{
    Page page;
    for (const auto& [number, item] : found)
        page.items.push_back(item);
    const auto kept = std::min(size, core::count_fitting(page.items, bytes));
    if (page.items.size() > kept) {
        page.items.resize(kept);
        page.next_page_token = make_number_token(found[kept - 1].first, filters);
    }
    return page;
}

}  // namespace lintel::workflows
