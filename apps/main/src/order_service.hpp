#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "building_repository.hpp"
#include "keys_in_flight.hpp"
#include "lintel/core/page_token.hpp"
#include "order_changes.hpp"
#include "order_repository.hpp"
#include "order_waits.hpp"
#include "workers.hpp"
#include "workflow_starts.hpp"

namespace lintel::main {

/// What can be done with orders. Errors: `not_found`; `conflict` when the order's status does not allow it;
/// `invalid`, also for a key that was used with another request; `malformed` for a foreign page token; those
/// of the repository.
class OrderService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        /// The longest that a request waits for a decision, and how often those that another process may take
        /// are looked for meanwhile.
        std::chrono::milliseconds wait_max = std::chrono::seconds(30);
        std::chrono::milliseconds wait_poll{250};
        core::PageLimits pages{};
    };

    struct Placed {
        contracts::OrderWithWorkflow order;
        /// The key had been used before; nothing was placed now.
        bool is_replay = false;
        /// How long it was waited at most for a decision, when that was asked for.
        std::optional<std::chrono::seconds> wait;
    };
    struct Cancelled {
        contracts::Order order;
        bool is_replay = false;
    };
    struct Returned {
        contracts::OrderReturn order_return;
        bool is_replay = false;
    };

    OrderService(OrderRepository& repository, OrderChanges& changes, BuildingRepository& buildings,
                 WorkflowStarts& workflows, Workers workers, core::Executor& executor, Options options);

    /// Places an order and starts its workflow; `invalid` when its building is not there. The order is
    /// committed when this returns; its workflow may still be pending, and then starts later. With `wait` it
    /// returns when the order is confirmed or rejected, or after so long.
    core::Task<Placed> place(telemetry::Context context, contracts::OrderCreate request, std::string key,
                             std::optional<std::chrono::seconds> wait);
    /// Of what a request asks to wait.
    std::chrono::seconds allowed_wait(std::chrono::seconds asked) const;
    /// The process stops: what waits for a decision goes on with what is known.
    void end_waits() { waits_.end(); }
    core::Task<contracts::Order> get(telemetry::Context context, core::Id id);
    core::Task<contracts::OrderPage> list(telemetry::Context context, contracts::OrderList request);
    /// Moves an order on for its workflow, once for a key, however late it is repeated.
    core::Task<contracts::OrderTransitioned> transition(telemetry::Context context,
                                                        contracts::OrderTransition request, std::string key);
    /// Of one that is packed a carrier is kept away first. Should the process die before the order is
    /// cancelled, its workflow does it, as it hears from the deliveries that there is nothing to wait for.
    core::Task<Cancelled> cancel(telemetry::Context context, core::Id id, contracts::OrderCancelBody request,
                                 std::string key);
    core::Task<Returned> request_return(telemetry::Context context, core::Id id,
                                        contracts::OrderReturnCreate request, std::string key);
    core::Task<contracts::OrderReturnPage> list_returns(telemetry::Context context, core::Id id,
                                                        contracts::PageQuery request);

private:
    /// The order that the key was used for on the route `scope`, if any. Throws core::Error{invalid} when
    /// that was another request.
    core::Task<std::optional<core::Id>> find_key(telemetry::Context context, std::string scope,
                                                 std::string key, core::Id fingerprint);
    core::Task<Placed> finish(telemetry::Context context, contracts::Order order, bool is_replay,
                              std::optional<core::Id> intent, std::optional<std::chrono::seconds> wait);
    core::Task<contracts::Order> wait_for_decision(telemetry::Context context, contracts::Order order,
                                                   std::chrono::seconds wait);
    core::Task<OrderChanged> change(telemetry::Context context, OrderChange change);

    OrderRepository& repository_;
    OrderChanges& changes_;
    BuildingRepository& buildings_;
    WorkflowStarts& workflows_;
    Workers workers_;
    const Options options_;
    OrderWaits waits_;
    KeysInFlight keys_in_flight_;
};

}  // namespace lintel::main
