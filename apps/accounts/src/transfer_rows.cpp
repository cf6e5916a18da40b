#include "transfer_rows.hpp"

#include "lintel/core/error.hpp"

namespace lintel::accounts {
namespace {

using contracts::Transfer;
using contracts::TransferState;
using core::Error;
using core::ErrorCode;
using Text = std::optional<std::string>;

TransferState state_of(const storage::Row& row)
{
    const auto outcome = row.get<std::optional<std::string_view>>("outcome");
    if (!outcome) return TransferState::pending;
    const auto state = contracts::transfer_state_from_string(*outcome);
    if (!state) throw Error(ErrorCode::internal, "a stored transfer has an unknown outcome");
    return *state;
}

}  // namespace

Transfer transfer_of(const storage::Row& row)
{
    Transfer transfer;
    transfer.id = row.get<core::Id>("id");
    transfer.debit_account_id = row.get<core::Id>("debit_account_id");
    transfer.credit_account_id = row.get<core::Id>("credit_account_id");
    transfer.state = state_of(row);
    transfer.posted_amount = row.get<std::optional<std::int64_t>>("posted_amount");
    transfer.expires_at = row.get<std::optional<core::Timestamp>>("expires_at");
    transfer.resolved_at = row.get<std::optional<core::Timestamp>>("resolved_at");
    transfer.linked_to = row.get<std::optional<core::Id>>("linked_to");
    transfer.created_at = row.get<core::Timestamp>("created_at");
    transfer.amount = row.get<std::int64_t>("amount");
    transfer.currency = row.get<std::string>("currency");
    transfer.order_id = row.get<std::optional<core::Id>>("order_id");
    transfer.description = row.get<Text>("description");
    transfer.owner.user_id = row.get<Text>("owner_user_id");
    transfer.owner.org_id = row.get<Text>("owner_org_id");
    transfer.attributes = row.get<std::string>("attributes");
    transfer.metadata = row.get<std::string>("metadata");
    return transfer;
}

std::vector<Transfer> transfers_of(const storage::Rows& rows)
{
    std::vector<Transfer> transfers;
    transfers.reserve(rows.size());
    for (const auto row : rows)
        transfers.push_back(transfer_of(row));
    return transfers;
}

contracts::AccountKind kind_of(const storage::Row& row)
{
    const auto kind = contracts::account_kind_from_string(row.get<std::string_view>("kind"));
    if (!kind) throw Error(ErrorCode::internal, "a stored account has an unknown kind");
    return *kind;
}

}  // namespace lintel::accounts
