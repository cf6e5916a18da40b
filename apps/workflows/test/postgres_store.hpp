#pragma once

#include <string>
#include <vector>

#include "due_events.hpp"
#include "engine_fixture.hpp"
#include "lintel/workflows/sql/queries.hpp"
#include "simulation/dump.hpp"
#include "simulation/memory_store.hpp"

namespace lintel::workflows {

/// A database whose clock stands still until it is put forward, for whoever asks it: its own functions for
/// the time come before Postgres' in the search path. How fast the machine is decides nothing then.
class StandingClockDatabase : public Database {
public:
    explicit StandingClockDatabase(core::Timestamp now)
    {
        query(
            "CREATE SCHEMA standing; CREATE TABLE standing.clock (at timestamptz NOT NULL);"
            "INSERT INTO standing.clock VALUES ('" +
            core::to_rfc3339(now) + "');");
        for (const auto* name : {"clock_timestamp", "statement_timestamp", "now"})
            query("CREATE FUNCTION standing." + std::string(name) +
                  "() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM standing.clock';");
        query(
            "DO $$ BEGIN EXECUTE format("
            "'ALTER DATABASE %I SET search_path = standing, pg_catalog, public', current_database()); END "
            "$$");
    }
};

/// The operations of the simulation's MemoryStore, on Postgres: each is one transaction of the engine's own
/// code. Time passes only by pass().
class PostgresStore {
public:
    using SessionId = core::Id;
    using Outcome = workflow::Outcome;

    explicit PostgresStore(std::chrono::milliseconds lease, workflow::RunLimits limits = {})
        : lease_(lease), rules_{limits, 0.0, {}}
    {
    }

    /// What is called in the middle of operations of this thread.
    static inline thread_local const std::function<void(TransitRules::Phase)>* on_phase = nullptr;

    /// As new, but for the definitions.
    void clear()
    {
        database_.query(
            "TRUNCATE workflows, steps, history, signals, early_signals, mail, sessions, run_keys");
        set_clock(kBegin);
    }

    void define(const std::string& document)
    {
        DefinitionService definitions(pool_, {});
        core::sync_wait(definitions.create(soon(), {document}, {}));
    }

    /// What the database's clock shows; of one that shares it, a reference that stays.
    const core::Timestamp& clock() const { return clock_; }
    void pass(std::chrono::milliseconds time) { set_clock(clock_ + time); }

    void open_session(SessionId session) { query(sql::open_session, session, "test", lease_.count()); }
    void renew(SessionId session) { query(sql::renew_session, session, lease_.count()); }
    void close_session(SessionId session)
    {
        transact([&](storage::Transaction& transaction) {
            std::vector<RunEvent> events;
            for (const auto row : transaction.exec(sql::find_own_claims, session, 0)) {
                RunEvent back;
                back.run = row.get<core::Id>("run_id");
                back.event =
                    workflow::HandedBack{row.get<std::string>("path"), row.get<std::int64_t>("attempt")};
                events.push_back(std::move(back));
            }
            return events;
        });
        leave(session);
    }
    /// A stop that hands nothing back.
    void leave(SessionId session) { query(sql::close_session, session); }
    /// As if its time were over.
    void end_lease(SessionId session)
    {
        database_.query("UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = '" +
                        session.to_string() + "'");
    }
    void expire_sessions()
    {
        const auto judge = core::Id::generate();
        open_session(judge);
        query(sql::expire_sessions, judge, lease_.count() / 2);
        query(sql::close_session, judge);
        transact([](storage::Transaction& transaction) { return lost_claims(transaction, 1000); });
        query(sql::forget_sessions);
    }

    core::Id start(const workflow::simulation::StartRequest& request)
    {
        NewRun start;
        start.run.definition = definition(request.definition);
        start.run.id = request.id;
        start.run.name = request.definition;
        start.run.key = request.key;
        start.run.input = request.input;
        start.run.parent = request.parent;
        start.run.created_at = clock_;
        const auto result = core::sync_wait(starts_.submit(soon(), std::move(start)));
        if (!result.is_started) {
            if (request.key.empty()) return request.id;
            return query(sql::find_run_by_key, request.definition, request.key).one().get<core::Id>("run_id");
        }
        transact([&](storage::Transaction& transaction) {
            return early_signals(transaction, request.definition, request.key);
        });
        return request.id;
    }

    /// Everything that is ready.
    std::vector<std::pair<core::Id, std::string>> claim(SessionId session)
    {
        Claimant claimant;
        claimant.session = session;
        claimant.slots = &slots_;
        const auto results = transact(
            [](storage::Transaction& transaction) { return ready_runs(transaction, 1000); }, claimant);
        std::vector<std::pair<core::Id, std::string>> claimed;
        for (const auto& result : results)
            for (const auto& claim : result.claims)
                claimed.emplace_back(claim.run, claim.path);
        std::sort(claimed.begin(), claimed.end());
        return claimed;
    }

    Outcome finish(SessionId session, const core::Id& run, const workflow::Event& event)
    {
        RunEvent done;
        done.run = run;
        done.event = event;
        done.session = session;
        Claimant claimant;
        claimant.session = session;
        return outcome(one(std::move(done), claimant));
    }
    void fire_timers()
    {
        transact([](storage::Transaction& transaction) { return due_runs(transaction, 1000); });
    }

    Outcome tell(const core::Id& run, const workflow::Event& event)
    {
        RunEvent happens;
        happens.run = run;
        happens.event = event;
        return outcome(one(std::move(happens), {}));
    }
    void signal_early(const std::string& definition, const std::string& key, const workflow::Signal& signal)
    {
        query(sql::save_early_signal, definition, key, signal.id, signal.name, signal.payload);
    }

    /// Carries out all letters, and those that come of it.
    void deliver_all()
    {
        for (;;) {
            query(kAgeMail);
            const auto rows = query(sql::find_mail, 1000);
            if (rows.empty()) return;
            for (const auto row : rows)
                deliver(row.get<core::Id>("id"), command_of(row));
        }
    }

    /// What the doctor says.
    std::vector<contracts::WorkflowFinding> stuck()
    {
        return core::sync_wait(WorkflowRepository(pool_).find_stuck(soon(), 100));
    }
    /// Past all rules.
    std::string query(const std::string& sql) { return database_.query(sql); }
    /// Steps that are claimed by a session that is not there.
    int orphans()
    {
        return std::stoi(
            database_.query("SELECT count(*) FROM steps AS s WHERE state = 'claimed' AND NOT EXISTS "
                            "(SELECT FROM sessions WHERE id = s.session_id)"));
    }

    nlohmann::json dump()
    {
        std::vector<core::Id> ids;
        for (const auto row : query(kAllRuns))
            ids.push_back(row.get<core::Id>("id"));
        auto read = [&](storage::Transaction& transaction) {
            auto all = nlohmann::json::array();
            for (const auto& [id, stored] : lock_runs(transaction, catalog_, ids, core::Id()).runs)
                all.push_back(workflow::simulation::dump(stored.run));
            return all;
        };
        return core::sync_wait(pool_.transact(soon(), read));
    }

private:
    static constexpr storage::Query kAllRuns{"all_runs", "SELECT id FROM workflows ORDER BY id"};
    static constexpr storage::Query kAgeMail{"age_mail",
                                             "UPDATE mail SET created_at = created_at - interval '1 hour'"};
    static constexpr storage::Query kSetClock{"set_clock", "UPDATE standing.clock SET at = $1"};
    static constexpr core::Timestamp kBegin{std::chrono::sys_days{std::chrono::January / 1 / 2030}};

    static workflow::Command command_of(const storage::Row& row);
    static Outcome outcome(const RunResult& result)
    {
        if (result.kind == RunResult::Kind::refused) std::rethrow_exception(result.error);
        return result.kind == RunResult::Kind::applied ? Outcome::applied : Outcome::stale;
    }

    void deliver(const core::Id& letter, const workflow::Command& command);
    void set_clock(core::Timestamp now)
    {
        query(kSetClock, now);
        clock_ = now;
    }

    template <typename... Values>
    storage::Rows query(const storage::Query& query, const Values&... values)
    {
        return core::sync_wait(pool_.query(soon(), query, values...));
    }
    std::shared_ptr<const workflow::Definition> definition(const std::string& name)
    {
        auto read = [&](storage::Transaction& transaction) {
            return catalog_.get(transaction, name, 0).definition;
        };
        return core::sync_wait(pool_.transact(soon(), read));
    }
    template <typename Find>
    std::vector<RunResult> transact(Find find, const Claimant& claimant = {})
    {
        auto body = [&, rules = rules()](storage::Transaction& transaction) {
            const auto events = find(transaction);
            if (events.empty()) return std::vector<RunResult>();
            return transit(transaction, catalog_, events, claimant, rules);
        };
        return core::sync_wait(pool_.transact(soon(), body));
    }
    RunResult one(RunEvent event, const Claimant& claimant)
    {
        return transact([&](storage::Transaction&) { return std::vector{event}; }, claimant).at(0);
    }

    TransitRules rules() const
    {
        auto rules = rules_;
        if (on_phase) rules.on_phase = *on_phase;
        return rules;
    }

    const std::chrono::milliseconds lease_;
    const TransitRules rules_;
    core::Timestamp clock_ = kBegin;
    StandingClockDatabase database_{kBegin};
    telemetry::Metrics metrics_;
    core::IoThreads threads_{1};
    storage::Pool pool_{threads_.executor(), metrics_, {.url = database_.url()}};
    DefinitionCatalog catalog_;
    /// Never opened: what is started is ready, and claimed by nobody.
    Session nobody_{pool_, metrics_, {}};
    Slots slots_{100000};
    RunStarts starts_{pool_, nobody_, slots_, {}};
};

}  // namespace lintel::workflows
