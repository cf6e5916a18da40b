#include "transfer_check.hpp"

#include "lintel/core/error.hpp"

namespace lintel::accounts {
namespace {

using contracts::AccountHolder;
using contracts::AccountKind;
using Faults = std::vector<core::FieldError>;

/// A time so far away is a mistake.
constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 3660);

void check_side(const std::optional<core::Id>& id, const std::optional<AccountHolder>& holder,
                const std::string& pointer, Faults& faults)
{
    if (id && holder) faults.push_back({pointer, "must be absent: the account is named by its id"});
    if (!id && !holder)
        faults.push_back(
            {pointer, "is missing; so is " + pointer.substr(pointer.rfind('/') + 1) + "AccountId"});
    if (!holder) return;
    const bool is_customer = holder->kind == AccountKind::customer;
    if (is_customer && !holder->customer_id)
        faults.push_back({pointer + "/customerId", "is missing: the account is a customer's"});
    if (!is_customer && holder->customer_id)
        faults.push_back({pointer + "/customerId", "must be absent: the account is no customer's"});
}

void check_one(const contracts::LinkedTransfer& transfer, const std::string& place, Faults& faults)
{
    check_side(transfer.debit_account_id, transfer.debit, place + "/debit", faults);
    check_side(transfer.credit_account_id, transfer.credit, place + "/credit", faults);
    if (!transfer.expires_in) return;
    if (!transfer.is_pending)
        faults.push_back({place + "/expiresIn", "must be absent: only what is pending expires"});
    else if (*transfer.expires_in > kLongest)
        faults.push_back({place + "/expiresIn", "must be at most 3660d; 0s is never"});
}

}  // namespace

void check_transfers(const contracts::TransferCreate& request)
{
    Faults faults;
    check_one(request, "", faults);
    for (std::size_t at = 0; at < request.linked.size(); ++at)
        check_one(request.linked[at], "/linked/" + std::to_string(at), faults);
    if (!faults.empty())
        throw core::Error(core::ErrorCode::invalid, "the transfer is not acceptable", std::move(faults));
}

}  // namespace lintel::accounts
