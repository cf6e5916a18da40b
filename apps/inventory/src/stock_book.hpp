#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lintel/contracts/inventory.hpp"

namespace lintel::inventory {

/// Where stock lies.
struct StockPlace {
    core::Id building;
    std::string sku;

    auto operator<=>(const StockPlace&) const = default;
};

/// What is to move, and for whom.
struct Movement {
    core::Id id = core::Id::generate();
    StockPlace place;
    contracts::MovementKind kind{};
    std::int64_t on_hand = 0;
    std::int64_t reserved = 0;
    core::Timestamp at{};
    std::optional<core::Id> order{};
    std::optional<core::Id> hold{};
    std::optional<core::Id> pick{};
    std::optional<contracts::AdjustmentReason> reason{};
    std::optional<std::string> note{};
};

/// The stock that a transaction has locked, and what it moves: the one place where stock changes, whoever
/// wants it. Only memory; stock_repository reads and writes it.
class StockBook {
public:
    void add(contracts::StockLevel level);

    /// Whether the place is locked. One that is not, after all were waited for, has never had stock.
    bool has(const StockPlace& place) const { return levels_.contains(place); }
    std::int64_t available(const StockPlace& place) const;
    /// Throws Error{internal} for what the rules should have refused: there would be less on hand than is
    /// reserved, or less than nothing reserved.
    const contracts::StockMovement& move(Movement what);

    const std::vector<contracts::StockMovement>& movements() const noexcept { return movements_; }
    /// What lies now at the places where something has moved.
    std::vector<contracts::StockLevel> changed() const;

private:
    std::map<StockPlace, contracts::StockLevel> levels_;
    std::set<StockPlace> moved_;
    std::vector<contracts::StockMovement> movements_;
};

}  // namespace lintel::inventory
