#include "transfer_names.hpp"

#include <algorithm>

namespace lintel::accounts {
namespace {

using core::Error;
using core::ErrorCode;

std::string place_of(std::size_t at)
{
    return at == 0 ? std::string() : "/linked/" + std::to_string(at - 1);
}

Error no_such_account(const Party& party, const std::string& currency)
{
    if (party.id) return Error(ErrorCode::not_found, "there is no account " + party.id->to_string());
    if (party.holder->customer_id)
        return Error(ErrorCode::conflict,
                     "customer " + party.holder->customer_id->to_string() + " has no account in " + currency);
    const std::string kind(contracts::to_string(party.holder->kind));
    return Error(ErrorCode::conflict, "there is no " + kind + " account in " + currency);
}

Error not_acceptable(const std::string& pointer, const std::string& why)
{
    return Error(ErrorCode::invalid, "the transfer is not acceptable", {{pointer, why}});
}

}  // namespace

void TransferNames::ask(const MakeTransfers& make)
{
    for (const auto& each : make.transfers) {
        ask(each.debit, each.transfer.currency);
        ask(each.credit, each.transfer.currency);
    }
}

void TransferNames::ask(const Party& party, const std::string& currency)
{
    if (party.id)
        ids_.push_back(*party.id);
    else
        holders_.push_back({*party.holder, currency});
}

void TransferNames::find(LedgerTables& tables)
{
    if (!ids_.empty() || !holders_.empty()) names_ = tables.find_accounts(ids_, holders_);
}

const AccountName* TransferNames::find(const Party& party, const std::string& currency) const
{
    const auto is_it = [&](const AccountName& name) {
        return party.id ? name.id == *party.id : name.holder == *party.holder && name.currency == currency;
    };
    const auto found = std::find_if(names_.begin(), names_.end(), is_it);
    return found == names_.end() ? nullptr : &*found;
}

std::optional<Error> TransferNames::resolve(std::vector<NewTransfer>& transfers) const
{
    for (std::size_t at = 0; at < transfers.size(); ++at) {
        auto& [transfer, debit_party, credit_party, expires_in] = transfers[at];
        const auto* debit = find(debit_party, transfer.currency);
        if (!debit) return no_such_account(debit_party, transfer.currency);
        const auto* credit = find(credit_party, transfer.currency);
        if (!credit) return no_such_account(credit_party, transfer.currency);
        for (const auto* account : {debit, credit})
            if (account->currency != transfer.currency)
                return not_acceptable(
                    place_of(at) + "/currency",
                    "must be " + account->currency + ", as that of account " + account->id.to_string());
        if (debit->id == credit->id)
            return not_acceptable(place_of(at) + (credit_party.id ? "/creditAccountId" : "/credit"),
                                  "must be another account than the debit's");
        transfer.debit_account_id = debit->id;
        transfer.credit_account_id = credit->id;
    }
    return std::nullopt;
}

}  // namespace lintel::accounts
