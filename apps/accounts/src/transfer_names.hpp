#pragma once

#include <vector>

#include "transfer_command.hpp"
#include "transfer_repository.hpp"

namespace lintel::accounts {

/// The accounts that transfers name.
class TransferNames {
public:
    /// Notes what is asked for.
    void ask(const MakeTransfers& make);
    /// Looks up all that was asked for.
    void find(LedgerTables& tables);
    /// Puts in their accounts. What there is not, or cannot be the two sides of one transfer, is said.
    std::optional<core::Error> resolve(std::vector<NewTransfer>& transfers) const;

private:
    void ask(const Party& party, const std::string& currency);
    const AccountName* find(const Party& party, const std::string& currency) const;

    std::vector<core::Id> ids_;
    std::vector<HolderInCurrency> holders_;
    std::vector<AccountName> names_;
};

}  // namespace lintel::accounts
