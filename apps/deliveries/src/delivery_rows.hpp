#pragma once

#include <vector>

#include "lintel/contracts/deliveries.hpp"
#include "lintel/storage/transaction.hpp"

namespace lintel::deliveries {

/// The deliveries of rows of delivery_rows, in their order; the rows of one stand together.
std::vector<contracts::Delivery> deliveries_of(const storage::Rows& rows);

/// False when the order has one that is not cancelled.
bool insert_delivery(storage::Transaction& transaction, const contracts::Delivery& delivery);
/// Writes what changes: state, carrier, attempts, and the events from the `known`th on.
void update_delivery(storage::Transaction& transaction, const contracts::Delivery& delivery,
                     std::size_t known);

}  // namespace lintel::deliveries
