#pragma once

#include "lintel/contracts/accounts.hpp"
#include "lintel/storage/rows.hpp"

namespace lintel::accounts {

/// Of a row of any query that reads transfers with their resolutions.
contracts::Transfer transfer_of(const storage::Row& row);
std::vector<contracts::Transfer> transfers_of(const storage::Rows& rows);

/// Error{internal} for a kind that is not known.
contracts::AccountKind kind_of(const storage::Row& row);

}  // namespace lintel::accounts
