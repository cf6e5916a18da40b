#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "hold_expiry.hpp"
#include "hold_service.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/inventory/sql/migrations.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/testing/database.hpp"
#include "pick_service.hpp"
#include "product_service.hpp"
#include "stock_service.hpp"

namespace lintel::inventory {

using namespace std::chrono_literals;
using nlohmann::json;

inline telemetry::Context soon()
{
    return telemetry::Context::start(20s);
}

struct Database : testing::Database {
    Database() : testing::Database("inventory") { storage::Migrator(url()).run(sql::all_migrations); }

    /// onHand/reserved.
    std::string stock(const std::string& sku) const
    {
        return query("SELECT string_agg(on_hand || '/' || reserved, ' ') FROM stock WHERE sku = '" + sku +
                     "'");
    }
    /// The stock that the movements, or the holds, say is another; empty when the books are right.
    std::string wrong_stock() const
    {
        return query(R"(
            SELECT coalesce(string_agg(sku, ' '), '') FROM stock
            FULL JOIN (SELECT building_id, sku, sum(on_hand_change) AS moved, sum(reserved_change) AS moved_reserved
                       FROM stock_movements GROUP BY building_id, sku) AS movements USING (building_id, sku)
            FULL JOIN (SELECT building_id, line->>'sku' AS sku, sum((line->>'quantity')::bigint) AS held
                       FROM holds, jsonb_array_elements(lines) AS line WHERE state = 'held'
                       GROUP BY 1, 2) AS holds USING (building_id, sku)
            WHERE on_hand IS DISTINCT FROM coalesce(moved, 0) OR reserved IS DISTINCT FROM coalesce(moved_reserved, 0)
               OR reserved IS DISTINCT FROM coalesce(held, 0) OR on_hand < reserved OR reserved < 0)");
    }
};

/// So many of a sku, each.
using Lines = std::vector<std::pair<std::string, std::int64_t>>;

/// One replica, as far as callers are concerned.
struct Replica {
    explicit Replica(const Database& database) : pool(threads.executor(), metrics, {.url = database.url()}) {}

    contracts::ProductCreated create(const json& request, const std::string& key = {})
    {
        return core::sync_wait(products.create(soon(), contracts::parse_product_create(request), key));
    }
    /// A product with so many of it in the building.
    void stock_up(const std::string& sku, std::int64_t quantity, std::int64_t price = 100)
    {
        create({{"sku", sku}, {"name", "the " + sku}, {"price", price}, {"currency", "EUR"}});
        if (quantity > 0) adjust(sku, quantity, "initial");
    }
    contracts::StockAdjusted adjust(const std::string& sku, std::int64_t quantity, const std::string& reason,
                                    const std::string& key = {})
    {
        const json request = {
            {"sku", sku}, {"buildingId", building}, {"quantity", quantity}, {"reason", reason}};
        return core::sync_wait(stock.adjust(soon(), contracts::parse_stock_adjustment(request), key));
    }
    contracts::HoldReserve order(const Lines& lines, const json& more = json::object()) const
    {
        json request = {{"orderId", core::Id::generate().to_string()},
                        {"buildingId", building},
                        {"currency", "EUR"},
                        {"lines", json::array()}};
        for (const auto& [sku, quantity] : lines)
            request["lines"].push_back({{"sku", sku}, {"quantity", quantity}});
        request.update(more);
        return contracts::parse_hold_reserve(request);
    }
    contracts::HoldChanged reserve(const contracts::HoldReserve& request, const std::string& key = {})
    {
        return core::sync_wait(holds.reserve(soon(), request, key));
    }
    contracts::HoldChanged reserve(const Lines& lines) { return reserve(order(lines)); }
    contracts::HoldChanged confirm(const core::Id& hold, const std::string& key = {})
    {
        return core::sync_wait(holds.confirm(soon(), {hold}, key));
    }
    contracts::HoldChanged release(const core::Id& hold, const std::string& key = {})
    {
        return core::sync_wait(holds.release(soon(), {hold, "changed their mind"}, key));
    }
    contracts::HoldChanged restock(const contracts::Hold& hold, const Lines& lines,
                                   const std::string& key = core::Id::generate().to_string(),
                                   std::optional<core::Id> order_return = {})
    {
        contracts::HoldRestock request{hold.order_id, hold.id, order(lines).lines, order_return};
        return core::sync_wait(holds.restock(soon(), std::move(request), key));
    }
    /// A hold that is confirmed.
    contracts::Hold take(const Lines& lines) { return confirm(reserve(lines).id); }
    contracts::PickChanged pick(const contracts::Hold& hold, const json& more = json::object(),
                                const std::string& key = {})
    {
        json request = {{"orderId", hold.order_id.to_string()}, {"holdId", hold.id.to_string()}};
        request.update(more);
        return core::sync_wait(picks.create(soon(), contracts::parse_pick_create(request), key));
    }
    contracts::Pick mark(const core::Id& pick, std::int64_t line, std::int64_t picked,
                         const std::optional<std::string>& note = {}, const std::string& key = {})
    {
        return core::sync_wait(picks.mark(soon(), {pick, line, picked, note}, key));
    }
    contracts::PickChanged complete(const core::Id& pick, const std::string& key = {})
    {
        return core::sync_wait(picks.complete(soon(), {pick}, key));
    }
    contracts::PickChanged cancel(const core::Id& pick, const std::string& key = {})
    {
        return core::sync_wait(picks.cancel(soon(), {pick}, key));
    }
    contracts::Hold show(const core::Id& hold) { return core::sync_wait(holds.get(soon(), hold)); }
    void let_expire() { core::sync_wait(expiry.run(soon())); }

    std::string building = "019a9f5e-7a02-7b52-9c10-0d4e5f6a7b81";
    core::IoThreads threads{2};
    telemetry::Metrics metrics;
    storage::Pool pool;
    ProductRepository product_repository{pool};
    StockRepository stock_repository{pool};
    HoldRepository hold_repository{pool};
    PickRepository pick_repository{pool};
    HoldCommands commands{pool};
    HoldExpiry expiry{hold_repository};
    ProductService products{product_repository, {}};
    StockService stock{stock_repository, {}};
    HoldService holds{hold_repository, commands, {}};
    PickService picks{pick_repository, {}};
};

/// Why something was refused: the code, and each fault as `pointer detail`.
struct Refusal {
    std::optional<core::ErrorCode> code;
    std::string detail;
    std::vector<std::string> faults;
};

template <typename Call>
Refusal refusal(Call call)
{
    try {
        call();
    } catch (const core::Error& error) {
        Refusal refused{error.code(), error.what(), {}};
        for (const auto& field : error.fields())
            refused.faults.push_back(field.pointer + ' ' + field.detail);
        return refused;
    }
    return {};
}

using Faults = std::vector<std::string>;

}  // namespace lintel::inventory
