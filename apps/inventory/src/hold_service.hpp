#pragma once

#include <chrono>
#include <string>

#include "hold_commands.hpp"
#include "lintel/core/page_token.hpp"

namespace lintel::inventory {

/// What callers do with holds. Errors: those of HoldCommands; `malformed` for a foreign page token. `key` is
/// the caller's Idempotency-Key, empty when there is none.
class HoldService {
public:
    struct Options {
        /// Of a hold that does not say how long.
        std::chrono::milliseconds hold_ttl = std::chrono::minutes(15);
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
    };

    HoldService(HoldRepository& holds, HoldCommands& commands, Options options);

    core::Task<contracts::HoldChanged> reserve(telemetry::Context context, contracts::HoldReserve request,
                                               std::string key);
    core::Task<contracts::HoldChanged> confirm(telemetry::Context context, contracts::HoldConfirm request,
                                               std::string key);
    core::Task<contracts::HoldChanged> release(telemetry::Context context, contracts::HoldRelease request,
                                               std::string key);
    core::Task<contracts::HoldChanged> restock(telemetry::Context context, contracts::HoldRestock request,
                                               std::string key);
    core::Task<contracts::Hold> get(telemetry::Context context, core::Id id);
    core::Task<contracts::HoldPage> list(telemetry::Context context, contracts::HoldList request);

private:
    template <typename Request>
    HoldCommand command(std::string_view scope, std::string key, Request request) const;

    HoldRepository& holds_;
    HoldCommands& commands_;
    const Options options_;
};

}  // namespace lintel::inventory
