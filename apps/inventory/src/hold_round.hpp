#pragma once

#include <map>
#include <span>
#include <utility>
#include <vector>

#include "hold_commands.hpp"
#include "hold_rules.hpp"

namespace lintel::inventory {

/// The commands of one transaction: lock, load, decide, write. Keys come first, then holds, then stock, each
/// sorted, as in every transaction of this service, so that no two of them wait for each other.
class HoldRound {
public:
    HoldRound(storage::Transaction& transaction, std::span<const HoldCommand> commands, Patience patience);

    /// One outcome for each command. Busy only comes with Patience::skips.
    std::vector<HoldCommands::Outcome> run();

private:
    using Outcome = HoldCommands::Outcome;
    using Finding = storage::IdempotencyKeys::Finding;

    void load();
    void load_offers();
    void load_stock();
    Outcome outcome_of(const HoldCommand& command, Finding finding);
    Outcome replay(const HoldCommand& command);
    Outcome decide(const HoldCommand& command);
    Outcome reserve(const HoldCommand& command, const contracts::HoldReserve& request);
    Outcome change(const HoldCommand& command);
    bool has_stock(const std::set<StockPlace>& places) const;
    std::set<StockPlace> places_of_request(const contracts::HoldReserve& request) const;
    void save();

    storage::Transaction& transaction_;
    const std::span<const HoldCommand> commands_;
    const Patience patience_;
    const core::Timestamp now_ = core::now();
    storage::IdempotencyKeys keys_;
    std::vector<Finding> findings_;
    Offers offers_;
    std::map<core::Id, contracts::Hold> holds_;
    StockBook book_;
    /// What became of the first request with a key, for those after it in this round.
    std::map<std::pair<std::string, std::string>, Outcome> by_key_;
    std::vector<core::Id> made_;
    std::set<core::Id> changed_;
};

}  // namespace lintel::inventory
