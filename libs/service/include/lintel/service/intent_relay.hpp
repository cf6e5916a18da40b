#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

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
    /// It may do something about it first; what it throws leaves the intent as an answer with that error
    /// would.
    using Fate = std::optional<storage::DeliveryOutcome::Kind>;
    using Judge = std::function<core::Task<Fate>(telemetry::Context, storage::Intent, core::Error)>;

    /// For what is only told, and to somebody who may have ended meanwhile: a `conflict` says that it need
    /// not be told any more.
    static core::Task<Fate> conflict_is_an_answer(telemetry::Context, storage::Intent, core::Error error);

    /// A subject that intents go to, and what reads its answers: only what can be read is one.
    struct Peer {
        std::string_view subject;
        std::function<void(const nlohmann::json& reply)> read;
    };
    /// Of an Endpoint, a trait generated from contracts/.
    template <typename Endpoint>
    static Peer peer()
    {
        return {Endpoint::kSubject, [](const nlohmann::json& reply) { Endpoint::parse_reply(reply); }};
    }

    /// Starts with the process and drains with it. `host` outlives it. An intent to a subject that is none of
    /// `peers` stays.
    IntentRelay(Host& host, const storage::OutboxOptions& options, std::vector<Peer> peers, Judge judge = {});

    /// An intent may be due now: for who has just committed one that nobody delivers in the foreground.
    void wake() noexcept { outbox_.wake(); }
    /// Removes an intent that was answered in the foreground, together with others.
    void close_later(core::Id intent) { outbox_.close_later(intent); }
    /// As storage::Outbox does; intent_endpoints.hpp has what operators ask for.
    core::Task<std::vector<storage::IntentView>> list(telemetry::Context context,
                                                      std::optional<storage::IntentView::State> state,
                                                      core::Id after, std::size_t limit)
    {
        return outbox_.list(std::move(context), state, after, limit);
    }
    core::Task<std::optional<storage::IntentView>> retry(telemetry::Context context, core::Id intent)
    {
        return outbox_.retry(std::move(context), intent);
    }

private:
    core::Task<storage::DeliveryOutcome> deliver(telemetry::Context context, storage::Intent intent);

    void expect_answer(const storage::Intent& intent, const messaging::Message& reply) const;

    messaging::Client& client_;
    const std::vector<Peer> peers_;
    const Judge judge_;
    storage::Outbox outbox_;
};

}  // namespace lintel::service
