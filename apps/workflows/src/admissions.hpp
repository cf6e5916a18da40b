#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lintel/core/executor.hpp"
#include "lintel/core/gate.hpp"
#include "transitions.hpp"

namespace lintel::workflows {

/// What a run is counted by; nothing when its definition has no limits. Throws Error{invalid} when the key's
/// template leads to no string.
std::optional<std::string> limit_key(const workflow::Run& run);

/// Lets pending runs begin when the limits of their definition leave room: by priority, the keys in turn.
/// Asked for whenever a run is started or ends, and by the poll. Thread-safe.
class Admissions {
public:
    using Take = std::function<void(std::vector<RunResult>)>;

    /// `take` goes on with what has begun.
    Admissions(core::Executor& executor, DefinitionCatalog& catalog, Transitions& transitions, Take take);

    /// Soon, and only once for all who ask at the same time.
    void admit(const std::string& definition);
    /// Admits nothing any more; returns when what is under way has ended.
    core::Task<void> stop(core::Deadline deadline);

private:
    core::Task<void> run(std::string definition, core::Gate::Pass pass);
    core::Task<bool> admit_some(std::string definition, int& looks);
    std::vector<std::string> next_keys(storage::Transaction& transaction, const std::string& definition);
    bool has_other_keys(const std::string& definition);
    std::vector<RunEvent> admissible(storage::Transaction& transaction, const std::string& definition);

    core::Executor& executor_;
    DefinitionCatalog& catalog_;
    Transitions& transitions_;
    const Take take_;
    core::Gate work_{1U << 16U};
    std::mutex mutex_;
    /// Those under way; true when somebody has asked again meanwhile.
    std::map<std::string, bool> under_way_;
    /// Of definitions with more keys than are looked at together, the last that was.
    std::map<std::string, std::string> last_keys_;
};

}  // namespace lintel::workflows
