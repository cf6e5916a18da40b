// Many at once, on one replica and on two: nothing is spent twice, each transfer comes to one end, and nobody
// waits for accounts that are not its own.

#include "ledger_fixture.hpp"

#include <map>
#include <mutex>
#include <random>

using namespace lintel;
using namespace lintel::accounts;
using core::ErrorCode;

namespace {

/// What many clients were answered, counted.
class Tally {
public:
    void add(const std::string& what)
    {
        std::lock_guard lock(mutex_);
        ++counts_[what];
    }
    int operator[](const std::string& what) const
    {
        std::lock_guard lock(mutex_);
        const auto found = counts_.find(what);
        return found == counts_.end() ? 0 : found->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, int> counts_;
};

void spend_from_one(std::size_t replicas)
{
    Ledger ledger(replicas);
    const auto buyer = ledger.customer(70, 30);
    const auto shop = ledger.open({{"kind", "merchant"}});
    Tally tally;
    together(24, [&](int number) {
        for (int round = 0; round < 10; ++round) {
            const auto answer =
                number % 2 == 0 ? ledger.move(buyer, shop, 1) : ledger.reserve(buyer, shop, 1);
            tally.add(answer.is_done() ? "done" : answer.is(ErrorCode::conflict) ? "no funds" : answer.why());
        }
    });
    CHECK(tally["done"] == 100);
    CHECK(tally["no funds"] == 140);
    CHECK(ledger.account(buyer).at("available") == 0);
    CHECK(ledger.faults() == "");
}

/// Holds an account's row in a session of its own, as a replica does that hangs.
class Holder {
public:
    Holder(const Database& database, const std::string& account)
        : thread_([&database, account] {
              database.query("BEGIN; SELECT id FROM accounts WHERE id = '" + account +
                             "' FOR UPDATE; SELECT pg_sleep(1.5); COMMIT");
          })
    {
        REQUIRE(testing::eventually(10s, [&] {
            return database.query(
                       "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1.5)%' "
                       "AND wait_event = 'PgSleep' AND datname = current_database()") == "1";
        }));
    }
    ~Holder() { thread_.join(); }

private:
    std::thread thread_;
};

}  // namespace

TEST_CASE("many clients spend what there is on one account, and no more")
{
    spend_from_one(1);
}

TEST_CASE("so they do over two replicas")
{
    spend_from_one(2);
}

TEST_CASE("of a post, a void and an expiry one wins, whoever comes first")
{
    Ledger ledger(2);
    const auto buyer = ledger.customer(1'000'000);
    const auto shop = ledger.open({{"kind", "merchant"}});
    Tally tally;
    for (int round = 0; round < 40; ++round) {
        const auto id =
            ledger.reserve(buyer, shop, 10, {{"expiresIn", std::to_string(5 + round % 8 * 10) + "ms"}}).id();
        std::string posted;
        std::string voided;
        std::atomic<std::size_t> expired = 0;
        together(4, [&](int number) {
            if (number == 0) posted = ledger.ask("transfers.post", {{"id", id}, {"amount", 4}}).state();
            if (number == 1) voided = ledger.ask("transfers.void", {{"id", id}}).state();
            if (number >= 2) expired += ledger.replicas[static_cast<std::size_t>(number - 2)]->expire();
        });
        const auto state = ledger.transfer(id).at("state").get<std::string>();
        tally.add(state);
        CHECK((state == "posted") == (posted == "posted"));
        CHECK((state == "voided") == (voided == "voided"));
        CHECK(ledger.database.query("SELECT count(*) FROM transfer_resolutions WHERE transfer_id = '" + id +
                                    "'") == (state == "pending" ? "0" : "1"));
        CHECK(expired <= 1);
    }
    MESSAGE("posted ", tally["posted"], ", voided ", tally["voided"], ", expired ", tally["expired"]);
    CHECK(tally["pending"] == 0);
    CHECK(ledger.faults() == "");
}

TEST_CASE("transfers in all directions over two replicas wait for each other in no circle")
{
    Ledger ledger(2);
    std::vector<std::string> accounts;
    for (int at = 0; at < 4; ++at)
        accounts.push_back(ledger.customer(1'000'000));
    Tally tally;
    together(16, [&](int number) {
        std::mt19937 random(static_cast<unsigned>(number));
        for (int round = 0; round < 25; ++round) {
            const auto from = random() % 4;
            const auto to = (from + 1 + random() % 3) % 4;
            const json back = {{"debitAccountId", accounts[to]},
                               {"creditAccountId", accounts[from]},
                               {"amount", 1},
                               {"currency", "EUR"}};
            const auto answer =
                ledger.move(accounts[from], accounts[to], 2, {{"linked", {back}}},
                            std::to_string(random() % 100) + "-" + std::to_string(from) + std::to_string(to));
            tally.add(answer.is_done() ? "done" : answer.why());
        }
    });
    CHECK(tally["done"] == 400);
    CHECK(ledger.database.query(
              "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == "0");
    CHECK(ledger.faults() == "");
}

TEST_CASE("an account that somebody holds stalls its own transfers, and no others")
{
    Ledger ledger;
    const auto buyer = ledger.customer(1000);
    const auto other = ledger.customer(1000);
    const auto hot = ledger.open({{"kind", "merchant"}});
    const auto till = ledger.open({{"kind", "cash"}});
    std::thread waiting;
    std::atomic<bool> has_come{false};
    Answer late;
    {
        const Holder holder(ledger.database, hot);
        waiting = std::thread([&] {
            late = ledger.move(buyer, hot, 1);
            has_come = true;
        });
        for (int round = 0; round < 20; ++round)
            CHECK(ledger.move(other, till, 1).is_done());
        CHECK_FALSE(has_come);
    }
    waiting.join();
    CHECK_MESSAGE(late.is_done(), late.why());
    CHECK(ledger.faults() == "");
}

TEST_CASE("whatever many do at once, the books are right")
{
    Ledger ledger(2);
    std::vector<std::string> accounts{ledger.customer(300, 100), ledger.customer(50, 500),
                                      ledger.customer(0, 200), ledger.open({{"kind", "merchant"}}),
                                      ledger.open({{"kind", "cash"}})};
    std::mutex mutex;
    std::vector<std::string> pending;
    Tally tally;
    std::atomic<bool> is_over{false};
    std::thread sweeper([&] {
        for (bool goes_on = true; goes_on; goes_on = !is_over) {
            for (auto& replica : ledger.replicas)
                replica->expire();
            std::this_thread::sleep_for(5ms);
        }
    });
    together(12, [&](int number) {
        std::mt19937 random(static_cast<unsigned>(number) + 7);
        for (int round = 0; round < 60; ++round) {
            std::string one;
            if (std::lock_guard lock(mutex); !pending.empty()) one = pending[random() % pending.size()];
            const auto from = random() % 5;
            const auto to = (from + 1 + random() % 4) % 5;
            const std::int64_t amount = 1 + static_cast<std::int64_t>(random() % 120);
            const auto key = random() % 3 == 0 ? std::to_string(random() % 30) : "";
            Answer answer;
            switch (random() % 5) {
                case 0:
                    answer = ledger.move(accounts[from], accounts[to], amount, nullptr, key);
                    break;
                case 1:
                    answer = ledger.reserve(accounts[from], accounts[to], amount,
                                            random() % 2 == 0 ? json::object() : json{{"expiresIn", "10ms"}});
                    break;
                case 2:
                    answer = ledger.ask("transfers.void", {{"id", one}});
                    break;
                default:
                    answer =
                        ledger.ask("transfers.post",
                                   random() % 2 == 0 ? json{{"id", one}} : json{{"id", one}, {"amount", 1}});
            }
            tally.add(answer.is_done() ? "done" : std::string(core::to_string(answer.error->code())));
            if (answer.state() == "pending") {
                std::lock_guard lock(mutex);
                pending.push_back(answer.id());
            }
        }
    });
    is_over = true;
    sweeper.join();
    CHECK(tally["done"] > 100);
    CHECK(tally["done"] + tally["conflict"] + tally["invalid"] == 720);
    CHECK(ledger.faults() == "");
    CHECK(ledger.database.query("SELECT sum(credits_posted - debits_posted) FROM accounts") == "0");
}

TEST_CASE("transfers of an account that somebody sits on do not keep others from expiring")
{
    Ledger ledger;
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto cash = ledger.open({{"kind", "cash"}});
    const auto busy = ledger.customer(1000);
    const auto idle = ledger.customer(1000);
    // More than a sweep takes at once, all due before the other.
    together(6, [&](int) {
        for (int round = 0; round < 25; ++round)
            CHECK(ledger.reserve(busy, shop, 1, {{"expiresIn", "1ms"}}).is_done());
    });
    const auto last = ledger.reserve(idle, cash, 1, {{"expiresIn", "2ms"}}).id();
    std::this_thread::sleep_for(5ms);
    {
        const Holder holder(ledger.database, busy);
        CHECK(ledger.replicas[0]->expire() == 1);
        CHECK(ledger.transfer(last).at("state") == "expired");
    }
    CHECK(ledger.replicas[0]->expire() == 150);
    CHECK(ledger.faults() == "");
}
