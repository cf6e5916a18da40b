#include "order_rules.hpp"

namespace lintel::main {

using contracts::OrderMove;
using contracts::OrderStatus;

namespace {

std::optional<OrderStatus> from_to(OrderStatus status, OrderStatus from, OrderStatus to) noexcept
{
    return status == from ? std::optional(to) : std::nullopt;
}

/// An order that nobody has confirmed is rejected, unless somebody had wanted it to end.
std::optional<OrderStatus> undone(OrderStatus status, bool was_cancelled) noexcept
{
    switch (status) {
        case OrderStatus::placed:
            return was_cancelled ? OrderStatus::cancelled : OrderStatus::rejected;
        case OrderStatus::confirmed:
        case OrderStatus::picking:
        case OrderStatus::delivering:
        case OrderStatus::cancelled:
            return OrderStatus::cancelled;
        case OrderStatus::rejected:
            return OrderStatus::rejected;
        case OrderStatus::completed:
        case OrderStatus::returned:
        case OrderStatus::partially_returned:
            break;
    }
    return std::nullopt;
}

}  // namespace

std::optional<OrderStatus> status_after(OrderStatus status, OrderMove move, bool was_cancelled,
                                        bool is_all_back) noexcept
{
    switch (move) {
        case OrderMove::confirmed:
            return from_to(status, OrderStatus::placed, OrderStatus::confirmed);
        case OrderMove::picking:
            return from_to(status, OrderStatus::confirmed, OrderStatus::picking);
        case OrderMove::packed:
            return from_to(status, OrderStatus::picking, OrderStatus::picking);
        case OrderMove::delivering:
            return from_to(status, OrderStatus::picking, OrderStatus::delivering);
        case OrderMove::delivered:
            return from_to(status, OrderStatus::delivering, OrderStatus::delivering);
        case OrderMove::completed:
            return from_to(status, OrderStatus::delivering, OrderStatus::completed);
        case OrderMove::undone:
            return undone(status, was_cancelled);
        case OrderMove::returned:
            if (!can_be_returned(status)) return std::nullopt;
            return is_all_back ? OrderStatus::returned : OrderStatus::partially_returned;
    }
    return std::nullopt;
}

bool can_be_cancelled(OrderStatus status) noexcept
{
    return status == OrderStatus::placed || status == OrderStatus::confirmed ||
           status == OrderStatus::picking;
}

bool can_be_returned(OrderStatus status) noexcept
{
    return status == OrderStatus::completed || status == OrderStatus::partially_returned;
}

}  // namespace lintel::main
