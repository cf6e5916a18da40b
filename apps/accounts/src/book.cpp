#include "book.hpp"

#include <algorithm>

namespace lintel::accounts {
namespace {

using contracts::Transfer;
using contracts::TransferState;
using core::Error;

/// The fault of one of several transfers, with its place in the request.
Error at_place(std::size_t place, const Error& error)
{
    if (place == 0) return error;
    return Error(error.code(), error.what(),
                 {{"/linked/" + std::to_string(place - 1) + "/amount", error.what()}});
}

}  // namespace

Book::Book(std::vector<LedgerAccount> accounts, core::Timestamp now) : now_(now)
{
    for (auto& account : accounts) {
        now_ = std::max(now_, account.updated_at);
        const auto id = account.id;
        accounts_.emplace(id, std::move(account));
    }
}

const LedgerAccount* Book::find(const core::Id& id) const
{
    const auto found = accounts_.find(id);
    return found == accounts_.end() ? nullptr : &found->second;
}

LedgerAccount& Book::changing(const core::Id& id)
{
    changed_.insert(id);
    return accounts_.at(id);
}

std::optional<Error> Book::make(std::span<Transfer> transfers)
{
    std::map<core::Id, LedgerAccount> before;
    for (const auto& transfer : transfers)
        for (const auto& id : {transfer.debit_account_id, transfer.credit_account_id})
            before.emplace(id, accounts_.at(id));
    const auto changed = changed_;
    const auto made = made_.size();
    const auto resolved = resolved_.size();
    const auto entries = entries_.size();
    for (std::size_t place = 0; place < transfers.size(); ++place) {
        auto refusal = make_one(transfers[place]);
        if (!refusal) continue;
        for (auto& [id, account] : before)
            accounts_.at(id) = std::move(account);
        changed_ = changed;
        made_.resize(made);
        resolved_.resize(resolved);
        entries_.resize(entries);
        return at_place(place, *refusal);
    }
    return std::nullopt;
}

std::optional<Error> Book::make_one(Transfer& transfer)
{
    transfer.created_at = now_;
    auto refusal = objection(accounts_.at(transfer.debit_account_id),
                             accounts_.at(transfer.credit_account_id), transfer.amount);
    if (refusal) return refusal;
    auto& debit = changing(transfer.debit_account_id).balances;
    auto& credit = changing(transfer.credit_account_id).balances;
    made_.push_back(transfer);
    if (transfer.state == TransferState::pending) {
        reserve(debit, credit, transfer.amount);
        return std::nullopt;
    }
    move(debit, credit, transfer.amount);
    transfer.posted_amount = transfer.amount;
    finish(transfer, TransferState::posted);
    return std::nullopt;
}

std::optional<Error> Book::resolve(Transfer& transfer, const Resolution& resolution)
{
    const auto verdict = judge(transfer, resolution, now_);
    if (!verdict.to) return verdict.refusal;
    auto& debit = changing(transfer.debit_account_id).balances;
    auto& credit = changing(transfer.credit_account_id).balances;
    if (*verdict.to == TransferState::posted) {
        post(debit, credit, transfer.amount, verdict.amount);
        transfer.posted_amount = verdict.amount;
    } else {
        give_back(debit, credit, transfer.amount);
    }
    finish(transfer, *verdict.to);
    return verdict.refusal;
}

void Book::finish(Transfer& transfer, TransferState state)
{
    transfer.state = state;
    transfer.resolved_at = now_;
    resolved_.push_back(transfer);
    if (state == TransferState::posted) enter(transfer);
}

void Book::enter(const Transfer& transfer)
{
    const auto add = [&](const core::Id& id, contracts::EntrySide side) {
        auto& account = accounts_.at(id);
        entries_.push_back({id, ++account.entries, transfer.id, side, *transfer.posted_amount,
                            balance_of(account.balances)});
    };
    add(transfer.debit_account_id, contracts::EntrySide::debit);
    add(transfer.credit_account_id, contracts::EntrySide::credit);
}

std::vector<LedgerAccount> Book::changed() const
{
    std::vector<LedgerAccount> all;
    for (const auto& id : changed_)
        all.push_back(accounts_.at(id));
    return all;
}

}  // namespace lintel::accounts
