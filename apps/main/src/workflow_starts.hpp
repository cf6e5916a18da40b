#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "lintel/contracts/orders.hpp"
#include "lintel/core/error.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/service/intent_relay.hpp"
#include "lintel/storage/outbox.hpp"

namespace lintel::main {

/// A workflow that something of main's must have, exactly one. The key is derived from what it belongs to,
/// and the request made of nothing that can change, so that the worker set starts one workflow however often
/// it is asked.
struct PromisedWorkflow {
    std::string subject;
    std::string payload;
    std::string key;
    /// What it belongs to.
    core::Id resource;
    std::string name;
    core::Id building;
};

/// `building-onboarding`, of a new building.
PromisedWorkflow onboarding_of(const core::Id& building);
/// `order-fulfilment`, of an order that was placed.
PromisedWorkflow fulfilment_of(const core::Id& order, const core::Id& building);
/// To be committed with an order that was cancelled: its workflow undoes what was done.
storage::NewIntent end_of_fulfilment(const core::Id& order, const std::optional<std::string>& reason);
/// `order-return`, to be committed with a return that was requested.
storage::NewIntent start_of_return(const contracts::Order& order, const contracts::OrderReturn& order_return);

/// Whether an Idempotency-Key has the form of those that main's promises are kept under.
bool is_promise_key(std::string_view key);
/// Whether an intent is to start the workflow of an order, or of a return.
bool is_fulfilment(const storage::Intent& intent);
bool is_return(const storage::Intent& intent);
/// The order of a return, of the intent to start its workflow.
core::Id order_of_return(const storage::Intent& intent);

/// Whom main promises something.
std::vector<service::IntentRelay::Peer> promised_peers();

/// Keeps the promise of a workflow at once where a worker answers. Otherwise it is kept later, by the relay,
/// from the intent that was committed with what the workflow belongs to. Thread-safe.
class WorkflowStarts {
public:
    struct Options {
        /// How long a client's request waits for a worker.
        std::chrono::milliseconds start_deadline{1'000};
        /// Without an answer after so long another worker is asked as well.
        std::chrono::milliseconds hedge_after{300};
    };
    /// The relay of the intents, as it is used from here.
    struct Relay {
        /// Removes an intent that has been answered.
        std::function<void(const core::Id& intent)> close;
        /// An intent may be due now.
        std::function<void()> wake;
    };

    WorkflowStarts(messaging::Client& client, Options options, Relay relay);

    /// To be committed together with what the workflow belongs to.
    storage::NewIntent intent_for(const PromisedWorkflow& promised) const;

    /// Asks a worker for a workflow whose promise is committed. `pending`, without an id, when none answers
    /// in time. `intent` is closed once it has been answered.
    core::Task<contracts::WorkflowSummary> start(telemetry::Context context, PromisedWorkflow promised,
                                                 std::optional<core::Id> intent);

    /// A promise was committed that nobody keeps in the foreground.
    void wake_relay() { relay_.wake(); }

private:
    messaging::Client& client_;
    const Options options_;
    const Relay relay_;
};

}  // namespace lintel::main
