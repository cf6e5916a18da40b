// Random commands from several sides at once, on a real Postgres: afterwards the books are added up again.

#include <random>
#include <thread>

#include "inventory_fixture.hpp"

using namespace lintel;
using namespace lintel::inventory;

namespace {

/// Somebody who does this and that, some of it to what others have made.
class Clerk {
public:
    Clerk(Replica& replica, unsigned seed) : replica_(replica), random_(seed) {}

    void work(int steps)
    {
        for (int at = 0; at < steps; ++at) {
            try {
                step();
            } catch (const core::Error& error) {
                const bool is_rule =
                    error.code() == core::ErrorCode::conflict || error.code() == core::ErrorCode::invalid;
                if (!is_rule) unexpected.push_back(error.what());
            }
        }
    }

    std::vector<std::string> unexpected;

private:
    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
    std::string sku() { return "sku" + std::to_string(below(3)); }

    /// Any hold of anybody's.
    contracts::Hold any_hold()
    {
        contracts::HoldList all;
        all.page_size = 20;
        const auto page = core::sync_wait(replica_.holds.list(soon(), all));
        if (page.items.empty()) return replica_.reserve(Lines{{sku(), 1}});
        return page.items[static_cast<std::size_t>(below(static_cast<int>(page.items.size())))];
    }

    void pick_short()
    {
        const auto hold = any_hold();
        const auto pick = replica_.pick(hold);
        for (const auto& line : pick.lines)
            replica_.mark(pick.id, line.line, below(static_cast<int>(line.quantity) + 1));
        replica_.complete(pick.id);
        if (below(2) == 0) replica_.cancel(pick.id);
    }

    void step()
    {
        switch (below(9)) {
            case 0:
                replica_.adjust(sku(), below(20) - 8, "count");
                return;
            case 1:
                replica_.release(any_hold().id);
                return;
            case 2:
                replica_.restock(any_hold(), Lines{{sku(), 1 + below(3)}});
                return;
            case 3:
                pick_short();
                return;
            case 4:
                replica_.let_expire();
                return;
            case 5:
            case 6:
                replica_.confirm(any_hold().id);
                return;
            default:
                replica_.reserve(Lines{{sku(), 1 + below(4)}, {sku(), 1 + below(4)}});
                return;
        }
    }

    Replica& replica_;
    std::mt19937 random_;
};

/// The stock that is not what was counted, less what holds have taken and what was short; empty when there is
/// none.
std::string unexplained_stock(const Database& database)
{
    return database.query(R"(
        SELECT coalesce(string_agg(sku, ' '), '') FROM stock
        LEFT JOIN (SELECT sku, sum(on_hand_change) AS counted FROM stock_movements
                   WHERE kind IN ('initial', 'adjusted') GROUP BY sku) AS counts USING (sku)
        LEFT JOIN (SELECT line->>'sku' AS sku,
                          sum((line->>'short')::bigint + CASE WHEN state = 'confirmed'
                              THEN (line->>'quantity')::bigint - (line->>'short')::bigint - (line->>'returned')::bigint
                              ELSE 0 END) AS gone
                   FROM holds, jsonb_array_elements(lines) AS line GROUP BY 1) AS holds USING (sku)
        WHERE on_hand IS DISTINCT FROM counted - coalesce(gone, 0))");
}

}  // namespace

TEST_CASE(
    "whatever several replicas do at once, stock is the sum of its movements and what the holds have left of "
    "it")
{
    const Database database;
    Replica one(database);
    Replica two(database);
    for (const auto* sku : {"sku0", "sku1", "sku2"})
        one.stock_up(sku, 60);
    std::vector<Clerk> clerks;
    for (unsigned seed = 0; seed < 6; ++seed)
        clerks.emplace_back(seed % 2 == 0 ? one : two, seed);
    {
        std::vector<std::jthread> threads;
        for (auto& clerk : clerks)
            threads.emplace_back([&clerk] { clerk.work(80); });
        // Some holds are due at any time.
        for (int at = 0; at < 20; ++at) {
            database.query(
                "UPDATE holds SET expires_at = now() - interval '1 second' WHERE state = 'held' AND id IN "
                "(SELECT id FROM holds WHERE state = 'held' ORDER BY id LIMIT 3 FOR UPDATE SKIP LOCKED)");
            std::this_thread::sleep_for(50ms);
        }
    }
    for (const auto& clerk : clerks)
        CHECK(clerk.unexpected == std::vector<std::string>());
    CHECK(database.wrong_stock().empty());
    CHECK(unexplained_stock(database).empty());
    const auto kinds =
        database.query("SELECT string_agg(DISTINCT kind, ' ' ORDER BY kind) FROM stock_movements");
    CHECK(kinds == "adjusted confirmed expired initial released reserved returned short");
}
