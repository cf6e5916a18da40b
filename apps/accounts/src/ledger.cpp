#include "ledger.hpp"

namespace lintel::accounts {
namespace {

using contracts::AccountKind;
using contracts::TransferState;
using core::Error;
using core::ErrorCode;

std::string money(std::int64_t amount, const std::string& currency)
{
    return std::to_string(amount) + " " + currency;
}

bool would_overflow(std::int64_t posted, std::int64_t pending, std::int64_t amount)
{
    return amount > kLargestTotal - posted - pending;
}

Error against(const contracts::Transfer& transfer, std::string_view what)
{
    std::string why = "the transfer ";
    switch (transfer.state) {
        case TransferState::pending:
            why += "is pending";
            break;
        case TransferState::posted:
            why += "has been posted with " + money(transfer.posted_amount.value_or(0), transfer.currency);
            break;
        case TransferState::voided:
            why += "has been voided";
            break;
        case TransferState::expired:
            why += "has expired";
            break;
    }
    return Error(ErrorCode::conflict, why + "; it cannot be " + std::string(what));
}

Verdict refused(Error why)
{
    Verdict verdict;
    verdict.refusal = std::move(why);
    return verdict;
}

Verdict becomes(TransferState to, std::int64_t amount = 0)
{
    Verdict verdict;
    verdict.to = to;
    verdict.amount = amount;
    return verdict;
}

Verdict judge_post(const contracts::Transfer& transfer, std::int64_t amount, bool is_over)
{
    if (transfer.state == TransferState::posted && transfer.posted_amount == amount) return {};
    if (transfer.state != TransferState::pending) return refused(against(transfer, "posted"));
    if (is_over) {
        auto verdict = becomes(TransferState::expired);
        verdict.refusal.emplace(ErrorCode::conflict, "the transfer has expired; it cannot be posted");
        return verdict;
    }
    if (amount > transfer.amount)
        return refused(Error(ErrorCode::invalid, "more cannot be posted than is reserved",
                             {{"/amount", "must be at most " + std::to_string(transfer.amount)}}));
    return becomes(TransferState::posted, amount);
}

}  // namespace

std::int64_t balance_of(const Balances& balances)
{
    return balances.credits_posted - balances.debits_posted;
}

std::optional<std::int64_t> available_of(AccountKind kind, std::int64_t credit_limit,
                                         const Balances& balances)
{
    const auto own = balance_of(balances) - balances.debits_pending;
    switch (kind) {
        case AccountKind::customer:
            return own + credit_limit;
        case AccountKind::merchant:
            return own;
        case AccountKind::cash:
        case AccountKind::world:
            break;
    }
    return std::nullopt;
}

std::optional<Error> objection(const LedgerAccount& debit, const LedgerAccount& credit, std::int64_t amount)
{
    const auto available = available_of(debit.kind, debit.credit_limit, debit.balances);
    if (available && *available < amount)
        return Error(ErrorCode::conflict, "no funds: " + money(*available, debit.currency) +
                                              " are available, " + money(amount, debit.currency) +
                                              " are needed");
    if (would_overflow(debit.balances.debits_posted, debit.balances.debits_pending, amount) ||
        would_overflow(credit.balances.credits_posted, credit.balances.credits_pending, amount))
        return Error(ErrorCode::conflict, "the account's total would be more than it can hold");
    return std::nullopt;
}

void move(Balances& debit, Balances& credit, std::int64_t amount)
{
    debit.debits_posted += amount;
    credit.credits_posted += amount;
}

void reserve(Balances& debit, Balances& credit, std::int64_t amount)
{
    debit.debits_pending += amount;
    credit.credits_pending += amount;
}

void give_back(Balances& debit, Balances& credit, std::int64_t amount)
{
    debit.debits_pending -= amount;
    credit.credits_pending -= amount;
}

void post(Balances& debit, Balances& credit, std::int64_t amount, std::int64_t posted)
{
    give_back(debit, credit, amount);
    move(debit, credit, posted);
}

Verdict judge(const contracts::Transfer& transfer, const Resolution& resolution, core::Timestamp now)
{
    const bool is_over = transfer.expires_at && *transfer.expires_at <= now;
    if (resolution.to == TransferState::posted)
        return judge_post(transfer, resolution.amount.value_or(transfer.amount), is_over);
    if (transfer.state == TransferState::pending) {
        if (is_over) return becomes(TransferState::expired);
        return resolution.to == TransferState::expired ? Verdict{} : becomes(TransferState::voided);
    }
    if (resolution.to == TransferState::voided && transfer.state == TransferState::posted)
        return refused(against(transfer, "voided"));
    return {};
}

}  // namespace lintel::accounts
