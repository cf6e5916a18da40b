#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lintel/core/executor.hpp"
#include "lintel/core/id.hpp"
#include "lintel/core/task.hpp"
#include "lintel/core/time.hpp"
#include "lintel/storage/pool.hpp"
#include "lintel/telemetry/context.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::storage {

/// A request that a service has promised, in the transaction of what it belongs to, and that must be answered
/// once and only once: a row of the table `intents`.
struct Intent {
    core::Id id;
    std::string subject;
    std::string payload;
    std::string idempotency_key;
    core::Id resource_id;
    /// From 1.
    int attempt = 0;
    core::Timestamp created_at;
};

/// A promise that is yet to be written.
struct NewIntent {
    core::Id id = core::Id::generate();
    std::string subject;
    std::string payload;
    std::string idempotency_key;
    /// What it belongs to.
    core::Id resource_id;
    /// When the relay may deliver it: at the end of the foreground wait, or at once.
    core::Timestamp due_at = core::now();
};

/// Writes promises in the transaction of what they follow from. The table is described in README.md.
void insert_intents(Transaction& transaction, std::span<const NewIntent> intents);

/// An intent as operators see it.
struct IntentView {
    enum class State {
        /// Tried again by itself.
        pending,
        /// Refused: tried again when somebody says so.
        failed,
    };
    core::Id id;
    std::string subject;
    core::Id resource_id;
    State state = State::pending;
    std::int64_t attempts = 0;
    /// Of a pending one.
    std::optional<core::Timestamp> next_attempt_at;
    std::optional<std::string> last_error;
    core::Timestamp created_at;
};

/// How a delivery ended.
struct DeliveryOutcome {
    enum class Kind {
        /// Answered; the outbox closes the intent.
        delivered,
        /// Answered, and the caller has closed the intent in a transaction of its own.
        closed,
        /// Answered with a refusal that will not change: the intent becomes visible as `failed`.
        refused,
        /// Answered, but not for good: again after the backoff.
        retry,
        /// Not answered: again after the backoff. Until somebody answers, few others are tried.
        unanswered,
    };
    Kind kind = Kind::retry;
    /// Kept as last_error.
    std::string reason{};
};

struct OutboxOptions {
    /// The most deliveries under way at the same time.
    std::size_t concurrency = 64;
    /// The deadline of one delivery.
    std::chrono::milliseconds delivery_timeout{2000};
    /// How much longer than delivery_timeout a claimed intent belongs to its relay.
    std::chrono::milliseconds claim_margin{3000};
    /// Of an intent, from its first failure on: doubles from the first to the second.
    std::chrono::milliseconds backoff{100};
    std::chrono::milliseconds backoff_max{2000};
    /// How often an idle relay looks for intents that nobody has told it of.
    std::chrono::milliseconds poll_interval{1500};
    /// How often the metrics about the whole table are read.
    std::chrono::milliseconds measure_interval{10000};
    /// Of closes that wait for a batch; more are left to the relay, which delivers once more and closes then.
    std::size_t close_queue_limit = 16384;
};

/// The relay of a service's durable intents, and the way to close them.
///
/// An intent whose `next_attempt_at` is in the future is left alone: until then the foreground is at it.
/// After that the relay claims it, delivers it and retries with backoff until it is answered. A delivery may
/// be made more than once, after a crash or by two relays: the receiver tells them apart by the idempotency
/// key. Any number of relays may share a table. README.md has the table.
///
/// Thread-safe. Drain it before whatever `deliver` uses is gone; the pool must outlive it.
class Outbox {
public:
    /// A core::Error that it throws counts as unanswered when it is `unavailable` or `deadline_exceeded`, as
    /// refused when its HTTP status is 4xx (429 aside), otherwise as retry.
    using Deliver = std::function<core::Task<DeliveryOutcome>(telemetry::Context, Intent)>;

    Outbox(Pool& pool, OutboxOptions options, Deliver deliver);
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    /// Starts the relay.
    void start();

    /// Look now: an intent may be due. Cheap; for the foreground that gave up, and for tests.
    void wake() noexcept;

    /// Removes an answered intent, together with others. Closing one that is closed already is harmless.
    core::Task<void> close(telemetry::Context context, core::Id id);
    /// The same without waiting; should it be lost, the relay delivers once more and closes then.
    void close_later(core::Id id);

    /// At most `limit` intents younger than `after`, the oldest first; only those in `state`, if there is
    /// one.
    core::Task<std::vector<IntentView>> list(telemetry::Context context,
                                             std::optional<IntentView::State> state, core::Id after,
                                             std::size_t limit);
    /// Makes an intent, failed or pending, due at once, and shows it. Nothing when there is none with this
    /// id.
    core::Task<std::optional<IntentView>> retry(telemetry::Context context, core::Id id);

    /// Claims no more and waits for the deliveries under way; false when the deadline passes first.
    core::Task<bool> drain(core::Deadline deadline);

private:
    class Relay;
    std::unique_ptr<Relay> relay_;
};

}  // namespace lintel::storage
