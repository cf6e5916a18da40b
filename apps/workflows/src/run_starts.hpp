#pragma once

#include <optional>
#include <span>
#include <string>

#include "lintel/storage/batch.hpp"
#include "session.hpp"
#include "transit.hpp"

namespace lintel::workflows {

/// A run that is to be started, and what is kept with it for its caller.
struct NewRun {
    /// Without steps; begin() is called here.
    workflow::Run run;
    std::int64_t priority = 3;
    std::string traceparent;
    /// What the definition's limits are counted by; nothing when it has none. A run with one waits to be
    /// admitted.
    std::optional<std::string> limit_key;
    std::optional<std::string> building_id;
    bool building_id_is_integer = false;
    std::optional<std::string> owner_user_id;
    std::optional<std::string> owner_org_id;
    std::string metadata = "{}";
    /// Empty when the caller gave none.
    std::string request_key;
    /// The same for the same request.
    core::Id fingerprint;
    core::Timestamp request_key_expires_at{};
    /// The letter that asked for a child.
    std::optional<core::Id> letter;
};

struct StartResult {
    bool is_started = false;
    /// The Idempotency-Key has been used before.
    bool is_request_known = false;
    /// Signals have come before the start.
    bool has_early_signals = false;
    workflow::RunStatus status{};
    core::Timestamp created_at{};
    /// For Worker::take().
    RunResult taken;
};

/// Starts runs, those that come at the same time in one statement. Thread-safe.
class RunStarts {
public:
    RunStarts(storage::Pool& pool, const Session& session, const Slots& slots, workflow::RunLimits limits);

    /// No run is written when its key or the Idempotency-Key is taken. Errors as the pool's;
    /// Error{invalid} for what cannot begin.
    core::Task<StartResult> submit(telemetry::Context context, NewRun run);

private:
    struct Item {
        NewRun start;
        workflow::Effects effects;
        std::vector<Letter> letters;
        std::vector<Claim> claims;
        core::Id session;
        bool leaves_ready = false;
        /// Before: what is there under its id is this.
        bool was_sent = false;
    };
    using Shared = std::shared_ptr<Item>;

    Shared begun(NewRun run) const;
    void claim_first(Item& item) const;
    static core::Id batch_key(const Shared& item);
    static std::vector<StartResult> insert(storage::Transaction& transaction, std::span<const Shared> items);

    const Session& session_;
    const Slots& slots_;
    const workflow::RunLimits limits_;
    storage::Batch<Shared, StartResult> batch_;
};

}  // namespace lintel::workflows
