#pragma once

#include <optional>

#include "lintel/contracts/deliveries.hpp"
#include "lintel/contracts/workflows.hpp"

namespace lintel::deliveries {

// What becomes of a delivery: plain functions, nothing of which is stored or sent yet.

enum class Command { dispatch, deliver, fail, give_up, cancel };
enum class Verdict {
    carry_out,
    /// That has been done before: it stays as it is.
    as_it_is,
    /// What it is contradicts that.
    refuse,
};

/// README.md has the table. `is_final` is of a delivery that has failed.
Verdict judge(contracts::DeliveryState state, bool is_final, Command command);

/// How often a delivery may be dispatched.
inline constexpr std::int64_t kMostAttempts = 100;

contracts::Delivery planned(contracts::DeliveryCreate request, core::Timestamp now);

/// What the delivery's workflow is to be told, if it has one: that it was dispatched for the first time, that
/// it was delivered or has finally failed.
using Signal = std::optional<contracts::WorkflowSignal>;

// They change `delivery`, or leave it as it is. Error{conflict} says what it is when that contradicts them.
Signal dispatch(contracts::Delivery& delivery, const contracts::DeliveryDispatch& said, core::Timestamp now);
Signal deliver(contracts::Delivery& delivery, const contracts::DeliveryDeliver& said, core::Timestamp now);
Signal fail(contracts::Delivery& delivery, const contracts::DeliveryFail& said, core::Timestamp now);
Signal cancel(contracts::Delivery& delivery, const contracts::DeliveryCancel& said, core::Timestamp now);

}  // namespace lintel::deliveries
