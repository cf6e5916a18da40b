#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "definition_catalog.hpp"
#include "lintel/storage/transaction.hpp"
#include "lintel/workflow/event.hpp"
#include "lintel/workflow/run.hpp"

namespace lintel::workflows {

/// A command on its way to another run.
struct Letter {
    core::Id id;
    workflow::Command command;
};

/// A run whose row this transaction has locked: all that decides what happens next, and what is to be written
/// back.
struct StoredRun {
    workflow::Run run;
    std::int64_t priority = 3;
    std::string traceparent;
    bool takes_signals = false;
    /// It counts towards the limits of its definition.
    bool is_limited = false;
    /// Who holds each claimed step.
    std::map<std::string, core::Id, std::less<>> holders;
    /// The database's clock at the time of the lock.
    core::Timestamp now;
    workflow::Effects effects;
    std::vector<Letter> letters;
    /// What of the row can change, as it was loaded.
    struct Fields {
        workflow::RunStatus status{};
        std::optional<std::string> output;
        std::optional<workflow::StepError> error;
        bool is_pending = false;
        bool is_paused = false;
        workflow::Ending ending{};

        explicit Fields(const workflow::Run& run);
        bool operator==(const Fields&) const = default;
    };
    Fields loaded{run};
};

/// What lock_runs() found.
struct LockedRuns {
    std::map<core::Id, StoredRun> runs;
    /// Whether the session that asked still has its lease; its end can't be declared before this
    /// transaction's.
    bool session_is_live = false;
};

/// Locks and loads the runs that are there. `session` may be nil.
LockedRuns lock_runs(storage::Transaction& transaction, DefinitionCatalog& catalog,
                     std::span<const core::Id> ids, const core::Id& session);

/// Writes back what has changed of `runs`, with their histories, letters and taken signals; `delivered` are
/// letters that are done with.
void save_runs(storage::Transaction& transaction, std::map<core::Id, StoredRun>& runs,
               std::span<const core::Id> delivered);

}  // namespace lintel::workflows
