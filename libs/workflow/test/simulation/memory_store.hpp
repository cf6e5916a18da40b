#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "lintel/workflow/transition.hpp"

namespace lintel::workflow::simulation {

/// What can be broken on purpose, to show that the checks notice.
enum class Defect {
    none,
    /// Outcomes are taken from workers without a lease.
    no_lease_check,
    /// An outcome of any attempt is taken for that of the latest.
    no_attempt_check,
    /// Timers fire half a second before they are due.
    early_timers,
    /// Now and then a letter between runs is lost.
    lost_letters,
    /// A signal's id is not remembered once it has been taken.
    doubled_signals,
    /// A session ends without its steps being taken back.
    forgotten_claims,
    /// The Idempotency-Key is another one for every attempt.
    unstable_keys,
};

/// A worker process with a lease; the ids are the caller's, so that another store can be given the same.
using SessionId = core::Id;

struct StartRequest {
    core::Id id;
    std::string definition;
    std::string key;
    std::string input = "{}";
    std::optional<Parent> parent;
    /// Waits for Admit.
    bool is_pending = false;
};

struct Claimed {
    core::Id run;
    std::string path;
    std::int64_t attempt = 0;
    std::variant<Work, StepError> work;
};

/// How a worker's attempt ended.
using AttemptEnd = std::variant<AttemptSucceeded, AttemptFailed, HandedBack>;

/// One event that a run was given, and what came of it; for whoever checks.
struct Told {
    const Run& before;
    const Run& after;
    /// nullptr: it began.
    const Event* event = nullptr;
    Outcome outcome = Outcome::applied;
    const Effects& effects;
    core::Timestamp now;
};

/// Runs, sessions, signals and letters in memory, under the rules that the store in Postgres keeps: each
/// operation is one transaction. Single-threaded; the clock is the caller's.
class MemoryStore {
public:
    using Catalog = std::map<std::string, std::shared_ptr<const Definition>>;

    struct Options {
        std::chrono::milliseconds lease{3000};
        RunLimits limits{};
        Defect defect = Defect::none;
        /// For jitter.
        std::function<double()> chance = [] { return 0.0; };
        std::function<void(const Told&)> on_event = [](const Told&) {};
    };

    /// Both references must outlive the store.
    MemoryStore(const Catalog& catalog, const core::Timestamp& clock, Options options);

    void open_session(SessionId session);
    /// False when the session is lost: its work is somebody else's.
    bool renew(SessionId session);
    /// A soft stop: everything that the session has claimed is handed back.
    void close_session(SessionId session);
    /// Declares the sessions lost whose lease has run out; the steps they had claimed lose theirs. How many
    /// there were.
    std::size_t expire_sessions();

    /// The run of this definition and key, which is an older one when there has been one; an empty key is
    /// none.
    core::Id start(const StartRequest& request);
    /// Up to `limit` ready steps, those that have been so for longest first; none for a session without a
    /// lease.
    std::vector<Claimed> claim(SessionId session, std::size_t limit);
    /// Stale, and nothing written, unless the session has its lease and holds the step with that attempt.
    Outcome finish(SessionId session, const core::Id& run, const AttemptEnd& end);
    /// Up to `limit` timers that are due. How many fired.
    std::size_t fire_timers(std::size_t limit);
    /// To a run, or to the one that will be started with this key. Stale when that id has been there before.
    Outcome signal(const core::Id& run, const Signal& signal);
    Outcome signal(const std::string& definition, const std::string& key, const Signal& signal);
    /// Cancel, Terminate, Pause, Resume, Retry, Rerun, Replay; any other event as it is. Throws as apply().
    Outcome control(const core::Id& run, const Event& event);
    /// Letters that may be delivered now: to each run, they come in the order in which they were written.
    std::vector<std::int64_t> deliverable() const;
    /// Also a second time.
    void deliver(std::int64_t letter);

    /// When the next timer runs out, which need not be in the future.
    std::optional<core::Timestamp> next_timer() const;
    /// When the next timer or lease runs out.
    std::optional<core::Timestamp> next_due() const;
    const std::map<core::Id, Run>& runs() const { return runs_; }
    const std::map<std::pair<core::Id, std::string>, SessionId>& claims() const { return claims_; }
    bool has_letters() const { return !letters_.empty(); }
    bool was_delivered(std::int64_t letter) const { return delivered_.contains(letter); }
    /// All runs, by id.
    nlohmann::json dump() const;

private:
    Moment moment();
    bool has_lease(SessionId session) const;
    Outcome tell(const core::Id& run, const Event& event);
    void keep(const core::Id& run, Effects& effects);
    void post(Command command);
    void release(SessionId session, bool is_lost);
    void begin_run(const StartRequest& request);
    void deliver_to(const StartChild& start);
    void deliver_to(const EndChild& end);
    void deliver_to(const TellParent& news);

    const Catalog& catalog_;
    const core::Timestamp& clock_;
    Options options_;
    std::map<core::Id, Run> runs_;
    std::map<std::pair<std::string, std::string>, core::Id> keys_;
    std::map<std::pair<std::string, std::string>, std::vector<Signal>> early_signals_;
    std::set<std::pair<core::Id, std::string>> signals_seen_;
    std::map<SessionId, core::Timestamp> sessions_;
    std::map<std::pair<core::Id, std::string>, SessionId> claims_;
    std::int64_t last_letter_ = 0;
    std::map<std::int64_t, Command> letters_;
    std::map<std::int64_t, Command> delivered_;
};

}  // namespace lintel::workflow::simulation
