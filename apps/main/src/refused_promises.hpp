#pragma once

#include <optional>

#include "lintel/core/error.hpp"
#include "lintel/storage/outbox.hpp"
#include "order_changes.hpp"
#include "order_repository.hpp"

namespace lintel::main {

/// What becomes of a promise of main's that was answered with an error, where that differs from what the
/// relay does, and what those hear of it whom it was made to:
///
/// - An order whose workflow is refused stays placed and says why; its intent is kept, as `failed`, so that
///   somebody tries again once the cause is mended. One that is not wanted any more needs no workflow.
/// - A return whose workflow is refused is refused: it may be asked for again.
/// - A workflow that is to be cancelled, and is not there, may be started yet, while that is promised, too.
///   One that has ended by itself has undone what there was.
///
/// Thread-safe; what it is made of outlives it.
class RefusedPromises {
public:
    using Fate = std::optional<storage::DeliveryOutcome::Kind>;

    RefusedPromises(OrderRepository& orders, OrderChanges& changes) : orders_(orders), changes_(changes) {}

    core::Task<Fate> judge(telemetry::Context context, storage::Intent intent, core::Error error);

private:
    core::Task<Fate> judge_cancellation(telemetry::Context context, core::Id order, core::ErrorCode code);
    core::Task<Fate> tell_order(telemetry::Context context, storage::Intent intent, core::Error error);
    core::Task<Fate> tell_return(telemetry::Context context, storage::Intent intent, core::Error error);

    OrderRepository& orders_;
    OrderChanges& changes_;
};

}  // namespace lintel::main
