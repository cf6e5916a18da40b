// The rules of the ledger over plain values.

#include "ledger.hpp"

#include <random>

#include <doctest/doctest.h>

#include "book.hpp"

using namespace lintel;
using namespace lintel::accounts;
using namespace std::chrono_literals;
using contracts::AccountKind;
using contracts::Transfer;
using contracts::TransferState;
using core::ErrorCode;

namespace {

const core::Timestamp kNow{1000000ms};

LedgerAccount account(AccountKind kind, std::int64_t credit_limit = 0, std::int64_t funds = 0)
{
    LedgerAccount made;
    made.id = core::Id::generate();
    made.kind = kind;
    made.currency = "EUR";
    made.credit_limit = credit_limit;
    made.balances.credits_posted = funds;
    return made;
}

Transfer transfer(const core::Id& debit, const core::Id& credit, std::int64_t amount,
                  TransferState state = TransferState::posted)
{
    Transfer made;
    made.id = core::Id::generate();
    made.debit_account_id = debit;
    made.credit_account_id = credit;
    made.amount = amount;
    made.currency = "EUR";
    made.state = state;
    return made;
}

Transfer pending(std::int64_t amount, std::optional<core::Timestamp> expires_at = {})
{
    auto made = transfer({}, {}, amount, TransferState::pending);
    made.expires_at = expires_at;
    return made;
}

bool is_refused(const Verdict& verdict, ErrorCode code = ErrorCode::conflict)
{
    return verdict.refusal && verdict.refusal->code() == code;
}

}  // namespace

TEST_CASE("a customer may owe as much as the credit limit says, pending debits included")
{
    auto debit = account(AccountKind::customer, 100, 20);
    const auto credit = account(AccountKind::merchant);
    CHECK(available_of(debit.kind, debit.credit_limit, debit.balances) == 120);
    CHECK_FALSE(objection(debit, credit, 120));
    CHECK(objection(debit, credit, 121)->code() == ErrorCode::conflict);
    debit.balances.debits_pending = 100;
    CHECK_FALSE(objection(debit, credit, 20));
    CHECK(std::string(objection(debit, credit, 21)->what()) ==
          "no funds: 20 EUR are available, 21 EUR are needed");
    // What is still to come is not there.
    debit.balances.credits_pending = 1000;
    CHECK(objection(debit, credit, 21));
}

TEST_CASE("a merchant gives what it has, cash and the world anything")
{
    const auto customer = account(AccountKind::customer);
    CHECK(objection(account(AccountKind::merchant, 0, 9), customer, 10));
    CHECK_FALSE(objection(account(AccountKind::merchant, 0, 10), customer, 10));
    CHECK_FALSE(objection(account(AccountKind::cash), customer, 10));
    CHECK_FALSE(objection(account(AccountKind::world), customer, kLargestTotal));
    CHECK_FALSE(available_of(AccountKind::world, 0, {}));
}

TEST_CASE("no total becomes larger than it can be")
{
    auto world = account(AccountKind::world);
    auto cash = account(AccountKind::cash);
    world.balances.debits_posted = kLargestTotal - 10;
    CHECK_FALSE(objection(world, cash, 10));
    CHECK(objection(world, cash, 11));
    world.balances.debits_posted = 0;
    cash.balances.credits_pending = kLargestTotal - 10;
    CHECK(objection(world, cash, 11));
    CHECK(objection(world, cash, kLargestTotal));
}

TEST_CASE("a pending transfer is posted, all or a part, once")
{
    auto one = pending(100);
    const Resolution all{TransferState::posted, {}};
    CHECK(judge(one, all, kNow).to == TransferState::posted);
    CHECK(judge(one, all, kNow).amount == 100);
    CHECK(judge(one, {TransferState::posted, 40}, kNow).amount == 40);
    CHECK(is_refused(judge(one, {TransferState::posted, 101}, kNow), ErrorCode::invalid));

    one.state = TransferState::posted;
    one.posted_amount = 40;
    CHECK_FALSE(judge(one, {TransferState::posted, 40}, kNow).to);
    CHECK_FALSE(judge(one, {TransferState::posted, 40}, kNow).refusal);
    CHECK(is_refused(judge(one, all, kNow)));
    CHECK(is_refused(judge(one, {TransferState::posted, 41}, kNow)));
    CHECK(is_refused(judge(one, {TransferState::voided, {}}, kNow)));
    CHECK_FALSE(judge(one, {TransferState::expired, {}}, kNow).to);
}

TEST_CASE("what reserves nothing any more may be voided again, but not posted")
{
    for (const auto state : {TransferState::voided, TransferState::expired}) {
        auto one = pending(100, kNow);
        one.state = state;
        const auto again = judge(one, {TransferState::voided, {}}, kNow);
        CHECK_FALSE(again.to);
        CHECK_FALSE(again.refusal);
        CHECK(is_refused(judge(one, {TransferState::posted, {}}, kNow)));
    }
}

TEST_CASE("at its time a transfer has expired, whoever comes first")
{
    const auto one = pending(100, kNow);
    CHECK(judge(one, {TransferState::posted, {}}, kNow - 1ms).to == TransferState::posted);
    CHECK_FALSE(judge(one, {TransferState::expired, {}}, kNow - 1ms).to);
    CHECK(judge(one, {TransferState::expired, {}}, kNow).to == TransferState::expired);
    CHECK(judge(one, {TransferState::voided, {}}, kNow).to == TransferState::expired);
    const auto late = judge(one, {TransferState::posted, {}}, kNow);
    CHECK(late.to == TransferState::expired);
    CHECK(is_refused(late));
    CHECK_FALSE(judge(pending(100), {TransferState::expired, {}}, kNow).to);
}

TEST_CASE("of linked transfers all are made or none, and the book is as it was")
{
    const auto poor = account(AccountKind::customer, 100);
    const auto shop = account(AccountKind::merchant);
    const auto fees = account(AccountKind::cash);
    Book book({poor, shop, fees}, kNow);

    std::vector<Transfer> good{transfer(poor.id, shop.id, 60), transfer(shop.id, fees.id, 6)};
    CHECK_FALSE(book.make(good));
    CHECK(good[0].posted_amount == 60);
    CHECK(book.find(shop.id)->balances.debits_posted == 6);
    CHECK(book.entries().size() == 4);

    // The second would be fine, the third has no funds.
    std::vector<Transfer> bad{transfer(poor.id, shop.id, 30, TransferState::pending),
                              transfer(poor.id, shop.id, 10), transfer(poor.id, shop.id, 1)};
    const auto refusal = book.make(bad);
    REQUIRE(refusal);
    CHECK(refusal->fields().at(0).pointer == "/linked/1/amount");
    CHECK(book.find(poor.id)->balances == Balances{60, 0, 0, 0});
    CHECK(book.find(poor.id)->entries == 1);
    CHECK(book.made().size() == 2);
    CHECK(book.entries().size() == 4);
    CHECK(book.changed().size() == 3);
}

TEST_CASE("a book is never earlier than what its accounts have seen")
{
    auto seen = account(AccountKind::world);
    seen.updated_at = kNow + 5ms;
    CHECK(Book({seen}, kNow).now() == kNow + 5ms);
}

TEST_CASE("whatever happens, debits equal credits and no guard is broken")
{
    std::mt19937_64 random(20261120);
    const auto any = [&](std::int64_t below) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
    };
    std::vector<LedgerAccount> accounts{account(AccountKind::world), account(AccountKind::merchant),
                                        account(AccountKind::customer, 500), account(AccountKind::customer),
                                        account(AccountKind::cash)};
    std::vector<core::Id> ids;
    for (const auto& each : accounts)
        ids.push_back(each.id);
    Book book(accounts, kNow);
    std::vector<Transfer> all;
    const auto new_transfer = [&] {
        const auto from = any(5);
        const auto to = (from + 1 + any(4)) % 5;
        auto made = transfer(ids[static_cast<std::size_t>(from)], ids[static_cast<std::size_t>(to)],
                             1 + any(300), any(2) == 0 ? TransferState::pending : TransferState::posted);
        if (any(4) == 0) made.expires_at = kNow + std::chrono::milliseconds(any(3) - 1);
        return made;
    };
    for (int round = 0; round < 20000; ++round) {
        if (all.empty() || any(2) == 0) {
            std::vector<Transfer> linked;
            for (auto count = 1 + any(3); count > 0; --count)
                linked.push_back(new_transfer());
            if (!book.make(linked)) all.insert(all.end(), linked.begin(), linked.end());
        } else {
            auto& one = all[static_cast<std::size_t>(any(static_cast<std::int64_t>(all.size())))];
            const auto to = std::array{TransferState::posted, TransferState::voided,
                                       TransferState::expired}[static_cast<std::size_t>(any(3))];
            Resolution resolution{to, {}};
            if (any(2) == 0) resolution.amount = 1 + any(one.amount);
            book.resolve(one, resolution);
        }
        Balances sum;
        for (const auto& id : ids) {
            const auto& now = *book.find(id);
            sum.debits_posted += now.balances.debits_posted;
            sum.credits_posted += now.balances.credits_posted;
            sum.debits_pending += now.balances.debits_pending;
            sum.credits_pending += now.balances.credits_pending;
            REQUIRE(available_of(now.kind, now.credit_limit, now.balances).value_or(0) >= 0);
            REQUIRE(std::min(now.balances.debits_pending, now.balances.credits_pending) >= 0);
        }
        REQUIRE(sum.debits_posted == sum.credits_posted);
        REQUIRE(sum.debits_pending == sum.credits_pending);
    }
}
