#pragma once

#include <optional>
#include <vector>

#include "lintel/contracts/customers.hpp"
#include "lintel/storage/transaction.hpp"

namespace lintel::customers {

/// The customers of rows of customer_rows, in their order; the rows of one stand together.
std::vector<contracts::Customer> customers_of(const storage::Rows& rows);

/// The contact info of a row of get_deleted_contact_info, if there is one.
std::optional<contracts::ContactInfo> deleted_contact_info_of(const storage::Rows& rows);

void save_customer(storage::Transaction& transaction, const contracts::Customer& customer);
void save_contact_infos(storage::Transaction& transaction,
                        const std::vector<contracts::ContactInfo>& contacts);

}  // namespace lintel::customers
