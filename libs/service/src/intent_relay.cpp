#include "lintel/service/intent_relay.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "lintel/core/failpoint.hpp"
#include "lintel/core/json.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::service {
namespace {

using storage::DeliveryOutcome;

core::Task<void> drain(storage::Outbox& outbox, core::Deadline deadline)
{
    const bool drained = co_await outbox.drain(deadline);
    if (!drained) telemetry::log(telemetry::LogLevel::warn, "intents were still being delivered at the end");
}

}  // namespace

void declare_intent_settings(Settings& settings, storage::OutboxOptions& options)
{
    settings.add("INTENT_CONCURRENCY", options.concurrency, "Intents delivered at once by the relay.",
                 std::size_t{1});
    settings.add("INTENT_POLL", options.poll_interval, "How often an idle relay looks for intents.",
                 Settings::kShortest);
    settings.add("INTENT_TIMEOUT", options.delivery_timeout, "How long one delivery may take.",
                 Settings::kShortest);
    settings.add("INTENT_BACKOFF", options.backoff,
                 "Until an intent that was not answered is delivered again; doubles each time.",
                 Settings::kShortest);
    settings.add("INTENT_BACKOFF_MAX", options.backoff_max, "The most it becomes.", Settings::kShortest);
    settings.add("INTENT_MEASURE", options.measure_interval,
                 "How often the metrics about all intents are read.", Settings::kShortest);
    settings.add("INTENT_CLOSE_QUEUE", options.close_queue_limit,
                 "Answered intents that may wait for their removal.", std::size_t{1});
}

IntentRelay::IntentRelay(Host& host, const storage::OutboxOptions& options, std::vector<Peer> peers,
                         Judge judge)
    : client_(host.client()),
      peers_(std::move(peers)),
      judge_(std::move(judge)),
      outbox_(host.database(), options, [this](telemetry::Context context, storage::Intent intent) {
          return deliver(std::move(context), std::move(intent));
      })
{
    outbox_.start();
    host.on_stop([this](core::Deadline deadline) { return drain(outbox_, deadline); });
}

core::Task<IntentRelay::Fate> IntentRelay::conflict_is_an_answer(telemetry::Context, storage::Intent,
                                                                 core::Error error)
{
    if (error.code() != core::ErrorCode::conflict) co_return std::nullopt;
    co_return DeliveryOutcome::Kind::delivered;
}

/// Nobody looks at it, but what is no answer, whatever else it is, leaves the promise open.
void IntentRelay::expect_answer(const storage::Intent& intent, const messaging::Message& reply) const
{
    const auto peer = std::ranges::find(peers_, intent.subject, &Peer::subject);
    if (peer == peers_.end())
        throw core::Error(core::ErrorCode::internal, "nobody here promises anything to " + intent.subject);
    try {
        peer->read(core::parse_json(reply.payload));
    } catch (const core::Error& error) {
        throw core::Error(core::ErrorCode::internal, std::string("that is no answer: ") + error.what());
    }
}

core::Task<DeliveryOutcome> IntentRelay::deliver(telemetry::Context context, storage::Intent intent)
{
    messaging::RequestOptions options;
    options.idempotency_key = intent.idempotency_key;
    const auto trace = context.trace;
    core::failpoint("relay.before_delivery");
    std::optional<core::Error> refusal;
    try {
        const auto reply = co_await client_.request(context, intent.subject, intent.payload, options);
        expect_answer(intent, reply);
    } catch (const core::Error& error) {
        refusal = error;
    }
    if (refusal) {
        Fate fate;
        if (judge_) fate = co_await judge_(context, intent, *refusal);
        if (!fate) throw *refusal;
        co_return DeliveryOutcome{*fate, refusal->what()};
    }
    core::failpoint("relay.after_delivery");
    telemetry::log(telemetry::LogLevel::info, trace, "an intent was delivered",
                   {{"intentId", intent.id.to_string()},
                    {"subject", intent.subject},
                    {"resourceId", intent.resource_id.to_string()},
                    {"attempt", intent.attempt}});
    co_return DeliveryOutcome{DeliveryOutcome::Kind::delivered};
}

}  // namespace lintel::service
