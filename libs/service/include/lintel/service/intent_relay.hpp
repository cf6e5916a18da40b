#pragma once

#include <functional>
#include <optional>

#include "lintel/core/error.hpp"
#include "lintel/service/host.hpp"
#include "lintel/service/settings.hpp"
#include "lintel/storage/outbox.hpp"

namespace lintel::service {

/// Declares the settings of a service's relay, INTENT_*.
void declare_intent_settings(Settings& settings, storage::OutboxOptions& options);

/// Keeps the promises of a service: every row of its table `intents` is a request to another service, which
/// the relay makes over NATS under the intent's Idempotency-Key until it is answered. storage::Outbox says
/// when.
///
/// Thread-safe. Lives as long as the application.
class IntentRelay {
public:
    /// What becomes of an intent that was answered with `error`, where that differs from what the outbox
    /// does: refuse what is 4xx (429 aside), and try everything else again.
    using Judge = std::function<std::optional<storage::DeliveryOutcome::Kind>(const storage::Intent&,
                                                                              const core::Error&)>;

    /// Starts with the process and drains with it. `host` outlives it.
    IntentRelay(Host& host, const storage::OutboxOptions& options, Judge judge = {});

    /// An intent may be due now: for who has just committed one that nobody delivers in the foreground.
    void wake() noexcept { outbox_.wake(); }
    /// Removes an intent that was answered in the foreground, together with others.
    void close_later(core::Id intent) { outbox_.close_later(intent); }
    /// Makes an intent, failed or pending, due at once; false when there is none.
    core::Task<bool> retry(telemetry::Context context, core::Id intent)
    {
        return outbox_.retry(std::move(context), intent);
    }

private:
    core::Task<storage::DeliveryOutcome> deliver(telemetry::Context context, storage::Intent intent);

    messaging::Client& client_;
    const Judge judge_;
    storage::Outbox outbox_;
};

}  // namespace lintel::service
