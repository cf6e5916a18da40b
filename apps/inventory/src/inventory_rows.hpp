#pragma once

#include "lintel/contracts/inventory.hpp"
#include "lintel/storage/rows.hpp"

namespace lintel::inventory {

/// Rows of the queries, as callers see what they are.
contracts::Product product_of(const storage::Row& row);
contracts::StockLevel stock_level_of(const storage::Row& row);
contracts::StockMovement movement_of(const storage::Row& row);
contracts::Hold hold_of(const storage::Row& row);
contracts::Pick pick_of(const storage::Row& row);

/// All rows of a result.
template <typename Read>
auto read_all(const storage::Rows& rows, Read read)
{
    std::vector<std::invoke_result_t<Read, const storage::Row&>> all;
    all.reserve(rows.size());
    for (const auto row : rows)
        all.push_back(read(row));
    return all;
}

/// The only row, if there is one.
template <typename Read>
auto read_first(const storage::Rows& rows, Read read)
{
    using Item = std::invoke_result_t<Read, const storage::Row&>;
    return rows.empty() ? std::optional<Item>() : std::optional<Item>(read(rows[0]));
}

/// Lines as they are stored, a JSON array.
template <typename Line>
std::string lines_text(const std::vector<Line>& lines)
{
    std::string text = "[";
    for (const auto& line : lines) {
        if (text.size() > 1) text += ',';
        append_json(text, line);
    }
    return text + ']';
}

}  // namespace lintel::inventory
