// The rules of holds, in memory: random commands, and what must hold after each.

#include "hold_rules.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace lintel;
using namespace lintel::inventory;
using contracts::Hold;
using contracts::HoldState;

namespace {

const core::Id kBuilding = *core::Id::parse("019a9f5e-7a02-7b52-9c10-0d4e5f6a7b81");

/// A shop with a few products, and everything that is done in it.
struct Shop {
    explicit Shop(unsigned seed) : random(seed)
    {
        for (const auto* sku : {"a", "b", "c"}) {
            offers.emplace(sku, Offer{sku, 10, "EUR"});
            contracts::StockLevel level;
            level.building_id = kBuilding;
            level.sku = sku;
            book.add(level);
            adjust(sku, 20);
        }
    }

    std::int64_t below(std::int64_t limit)
    {
        return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random);
    }
    std::string sku() { return std::string(1, static_cast<char>('a' + below(3))); }

    void adjust(const std::string& sku, std::int64_t quantity)
    {
        Movement what;
        what.place = {kBuilding, sku};
        what.kind = contracts::MovementKind::adjusted;
        what.on_hand = quantity;
        book.move(what);
        counted[sku] += quantity;
    }
    Hold& any_hold()
    {
        return holds[static_cast<std::size_t>(below(static_cast<std::int64_t>(holds.size())))];
    }

    std::vector<contracts::QuantityOfSku> lines()
    {
        std::vector<contracts::QuantityOfSku> some;
        for (auto count = 1 + below(4); count > 0; --count)
            some.push_back({sku(), 1 + below(6)});
        return some;
    }

    void step()
    {
        const auto what = holds.empty() ? 0 : below(8);
        if (what <= 1) {
            contracts::HoldReserve request;
            request.building_id = kBuilding;
            request.currency = "EUR";
            request.lines = lines();
            holds.push_back(reserve(request, core::Id::generate(), {}, offers, book, {}));
        } else if (what == 2 || what == 3) {
            confirm(any_hold(), book, {});
        } else if (what == 4) {
            release(any_hold(), {}, book, {});
        } else if (what == 5) {
            auto& hold = any_hold();
            if (hold.state == HoldState::held) expire(hold, book, {});
        } else if (what == 6) {
            auto& hold = any_hold();
            restock(hold, {hold.order_id, hold.id, lines()}, book, {});
        } else {
            auto& hold = any_hold();
            const auto quantity = 1 + below(3);
            if (hold.state != HoldState::confirmed || hold.lines[0].quantity < quantity) return;
            take_short(hold, {{1, quantity}}, core::Id::generate(), book, {});
        }
    }

    /// What the holds say that there should be of a sku: on hand, and reserved.
    std::pair<std::int64_t, std::int64_t> expected(const std::string& sku) const
    {
        auto on_hand = counted.at(sku);
        std::int64_t reserved = 0;
        for (const auto& hold : holds) {
            for (const auto& line : hold.lines) {
                if (line.sku != sku) continue;
                REQUIRE(line.short_ + line.returned <= line.quantity);
                on_hand -= line.short_;
                if (hold.state == HoldState::held) reserved += line.quantity;
                if (hold.state == HoldState::confirmed)
                    on_hand -= line.quantity - line.short_ - line.returned;
            }
        }
        return {on_hand, reserved};
    }

    void check() const
    {
        std::map<std::string, std::pair<std::int64_t, std::int64_t>> sums;
        for (const auto& movement : book.movements()) {
            auto& [on_hand, reserved] = sums[movement.sku];
            on_hand += movement.on_hand_change;
            reserved += movement.reserved_change;
            REQUIRE(movement.on_hand == on_hand);
            REQUIRE(movement.reserved == reserved);
            REQUIRE(movement.available == on_hand - reserved);
            REQUIRE(movement.available >= 0);
            REQUIRE(reserved >= 0);
        }
        for (const auto& level : book.changed()) {
            REQUIRE(std::pair(level.on_hand, level.reserved) == sums.at(level.sku));
            REQUIRE(std::pair(level.on_hand, level.reserved) == expected(level.sku));
        }
    }

    std::mt19937 random;
    Offers offers;
    StockBook book;
    std::map<std::string, std::int64_t> counted;
    std::vector<Hold> holds;
};

}  // namespace

TEST_CASE(
    "whatever is done, stock is what its movements and the holds come to, and what is refused moves nothing")
{
    for (unsigned seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Shop shop(seed);
        int refused = 0;
        for (int at = 0; at < 150; ++at) {
            const auto before = shop.book.movements().size();
            const auto holds = shop.holds;
            try {
                shop.step();
            } catch (const core::Error& error) {
                REQUIRE(error.code() != core::ErrorCode::internal);
                REQUIRE(shop.book.movements().size() == before);
                REQUIRE(shop.holds == holds);
                ++refused;
            }
        }
        shop.check();
        CHECK(refused > 0);
    }
}

TEST_CASE("the books refuse what the rules should have")
{
    StockBook book;
    Movement what;
    what.place = {kBuilding, "a"};
    CHECK_THROWS_AS(book.move(what), core::Error);
    contracts::StockLevel level;
    level.building_id = kBuilding;
    level.sku = "a";
    level.on_hand = level.available = 2;
    book.add(level);
    what.reserved = 3;
    CHECK_THROWS_AS(book.move(what), core::Error);
    what.reserved = -1;
    CHECK_THROWS_AS(book.move(what), core::Error);
    what.reserved = 2;
    CHECK(book.move(what).available == 0);
    CHECK(book.changed().size() == 1);
}
