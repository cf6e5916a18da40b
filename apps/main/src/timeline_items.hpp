#pragma once

#include <vector>

#include "lintel/contracts/accounts.hpp"
#include "lintel/contracts/deliveries.hpp"
#include "lintel/contracts/inventory.hpp"
#include "lintel/contracts/orders.hpp"
#include "order_repository.hpp"

namespace lintel::main {

/// What is known of the parts of an order, as things that happened; each at its time.
using TimelineItems = std::vector<contracts::OrderTimelineItem>;

TimelineItems timeline_of(const core::Id& order, const OrderEvent& event);
TimelineItems timeline_of(const core::Id& workflow, const contracts::WorkflowEvent& event);
TimelineItems timeline_of(const contracts::Hold& hold);
TimelineItems timeline_of(const contracts::Transfer& transfer);
TimelineItems timeline_of(const contracts::Pick& pick);
TimelineItems timeline_of(const contracts::Delivery& delivery);

}  // namespace lintel::main
