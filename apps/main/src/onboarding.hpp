#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "lintel/contracts/workflows.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/storage/outbox.hpp"

namespace lintel::main {

/// Sees to it that every building gets its workflow, exactly one: at once where a worker answers, otherwise
/// later from the intent that was committed with the building. The key that both ways use is derived from the
/// building, so that the worker set starts one workflow however often it is asked.
class Onboarding {
public:
    struct Options {
        /// How long a client's request waits for a worker.
        std::chrono::milliseconds start_deadline{1'000};
        /// Without an answer after so long another worker is asked as well.
        std::chrono::milliseconds hedge_after{300};
    };

    Onboarding(messaging::Client& client, storage::Pool& pool, Options options,
               storage::OutboxOptions outbox);

    /// Starts the relay that delivers what the foreground could not.
    void start_relay();
    /// Waits for deliveries under way, at most until `deadline`.
    core::Task<void> stop_relay(core::Deadline deadline);

    storage::NewIntent intent_for(const core::Id& building) const;

    /// Asks a worker for the workflow of a committed building. `pending`, without an id, when none answers in
    /// time. `intent` is closed once it has been answered.
    core::Task<contracts::WorkflowSummary> start(telemetry::Context context, core::Id building,
                                                 std::optional<core::Id> intent);

    /// Makes a failed intent due again; false when there is none.
    core::Task<bool> retry(telemetry::Context context, core::Id intent);

private:
    core::Task<storage::DeliveryOutcome> deliver(telemetry::Context context, storage::Intent intent);

    messaging::Client& client_;
    const Options options_;
    storage::Outbox outbox_;
};

}  // namespace lintel::main
