// The state machine of orders, as a table.
#include "order_rules.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace lintel;
using contracts::OrderMove;
using contracts::OrderStatus;

namespace {

constexpr std::array kStatuses{
    OrderStatus::placed,     OrderStatus::confirmed, OrderStatus::picking,
    OrderStatus::delivering, OrderStatus::completed, OrderStatus::rejected,
    OrderStatus::cancelled,  OrderStatus::returned,  OrderStatus::partially_returned};

/// What each move makes of each status, in the order above: the status's first letters, or `-` for a
/// conflict.
struct Row {
    OrderMove move;
    std::string becomes;
};

std::string letter(std::optional<OrderStatus> status)
{
    if (!status) return "-";
    switch (*status) {
        case OrderStatus::placed:
            return "p";
        case OrderStatus::confirmed:
            return "c";
        case OrderStatus::picking:
            return "k";
        case OrderStatus::delivering:
            return "d";
        case OrderStatus::completed:
            return "C";
        case OrderStatus::rejected:
            return "r";
        case OrderStatus::cancelled:
            return "x";
        case OrderStatus::returned:
            return "R";
        case OrderStatus::partially_returned:
            return "P";
    }
    return "?";
}

std::string becomes(OrderMove move, bool was_cancelled, bool is_all_back)
{
    std::string row;
    for (const auto status : kStatuses)
        row += letter(main::status_after(status, move, was_cancelled, is_all_back));
    return row;
}

}  // namespace

TEST_CASE("what each move makes of each status")
{
    //                                placed … partiallyReturned
    //                                             pckdCrxRP
    const std::array<Row, 6> table{{{OrderMove::confirmed, "c--------"},
                                    {OrderMove::picking, "-k-------"},
                                    {OrderMove::packed, "--k------"},
                                    {OrderMove::delivering, "--d------"},
                                    {OrderMove::delivered, "---d-----"},
                                    {OrderMove::completed, "---C-----"}}};
    for (const auto& [move, expected] : table) {
        CAPTURE(contracts::to_string(move));
        CHECK(becomes(move, false, false) == expected);
        CHECK(becomes(move, true, true) == expected);
    }
    CHECK(becomes(OrderMove::undone, false, false) == "rxxx-rx--");
    CHECK(becomes(OrderMove::undone, true, false) == "xxxx-rx--");
    CHECK(becomes(OrderMove::returned, false, false) == "----P---P");
    CHECK(becomes(OrderMove::returned, false, true) == "----R---R");
}

TEST_CASE("an order is cancelled until a carrier has it, and comes back once it is paid")
{
    std::string cancelled;
    std::string returned;
    for (const auto status : kStatuses) {
        if (main::can_be_cancelled(status)) cancelled += letter(status);
        if (main::can_be_returned(status)) returned += letter(status);
    }
    CHECK(cancelled == "pck");
    CHECK(returned == "CP");
}
