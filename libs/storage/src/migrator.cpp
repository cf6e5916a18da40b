#include "lintel/storage/migrator.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>

#include <pqxx/nontransaction>
#include <pqxx/result_iterator.hxx>
#include <pqxx/transaction>

#include "connection.hpp"
#include "conninfo.hpp"
#include "lintel/core/deadline.hpp"
#include "lintel/telemetry/log.hpp"
#include "sql_error.hpp"

namespace lintel::storage {
namespace {

using core::Deadline;
using core::Error;
using core::ErrorCode;
using telemetry::log;
using telemetry::LogLevel;

constexpr std::chrono::milliseconds kRetryInterval{200};
/// Any number will do, as long as every release uses the same.
constexpr auto kAdvisoryLock = "7239460123917";

struct Applied {
    std::string name;
    std::string checksum;
};
using History = std::map<int, Applied>;

std::string label(int number, const std::string& name)
{
    auto digits = std::to_string(number);
    digits.insert(0, 4 - std::min<std::size_t>(digits.size(), 4), '0');
    return digits + '_' + name;
}

bool may_pass(Cause cause) noexcept
{
    return cause == Cause::busy || cause == Cause::serialization || cause == Cause::connection_lost;
}

/// The connection of a session is gone, and the advisory lock with it.
struct SessionLost {
    std::string reason;
};

/// Repeats `attempt` while Postgres, or a lock, is not to be had.
template <typename Attempt>
auto patiently(Deadline deadline, const std::string& doing, Attempt attempt)
{
    for (std::string last_reason;;) {
        try {
            return attempt();
        } catch (const Error&) {
            throw;
        } catch (const std::exception& thrown) {
            const bool is_refused = dynamic_cast<const pqxx::broken_connection*>(&thrown) != nullptr;
            const std::string reason = doing + ": " + thrown.what();
            if (!is_refused && !may_pass(describe(thrown, doing).cause()))
                throw Error(ErrorCode::internal, reason);
            if (deadline.has_passed()) throw Error(ErrorCode::unavailable, reason);
            if (reason != last_reason) log(LogLevel::warn, "migration waits", {{"reason", reason}});
            last_reason = reason;
        }
        std::this_thread::sleep_for(kRetryInterval);
    }
}

/// A session of its own: the advisory lock lives as long as it.
class MigrationSession {
public:
    MigrationSession(const std::string& conninfo, Deadline deadline)
        : connection_(
              patiently(deadline, "connecting to the database", [&] { return open_connection(conninfo); }))
    {
    }

    History history(Deadline deadline)
    {
        return work(deadline, "reading what has been applied", [this] {
            pqxx::nontransaction session(*connection_);
            History history;
            if (session.exec1("SELECT to_regclass('schema_migrations') IS NULL")[0].as<bool>())
                return history;
            for (const auto& row : session.exec("SELECT number, name, checksum FROM schema_migrations"))
                history[row[0].as<int>()] = {row[1].as<std::string>(), row[2].as<std::string>()};
            return history;
        });
    }

    /// Waits until no other replica migrates.
    void lock(Deadline deadline)
    {
        work(deadline, "waiting for another replica's migration", [this] {
            pqxx::nontransaction session(*connection_);
            session.exec(std::string("SELECT pg_advisory_lock(") + kAdvisoryLock + ')');
        });
    }

    void apply(const Migration& migration, Deadline deadline)
    {
        work(deadline, label(migration.number, migration.name), [&] {
            pqxx::work step(*connection_);
            step.exec(
                "CREATE TABLE IF NOT EXISTS schema_migrations (number int PRIMARY KEY, name text NOT NULL, "
                "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
            step.exec(migration.sql);
            step.exec_params(
                "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1::int, $2, $3)",
                migration.number, migration.name, migration.checksum);
            step.commit();
        });
    }

private:
    /// Does `part` patiently as long as there is the connection.
    template <typename Part>
    std::invoke_result_t<Part&> work(Deadline deadline, const std::string& doing, Part part)
    {
        return patiently(deadline, doing, [&] {
            try {
                return part();
            } catch (const std::exception& thrown) {
                if (!connection_->is_open()) throw SessionLost{doing + ": " + thrown.what()};
                throw;
            }
        });
    }

    std::unique_ptr<pqxx::connection> connection_;
};

/// Gives `work` a session, and another one from the start when that is lost: what was to be done is seen
/// anew, because another replica may have done it meanwhile, and whether a commit came through is known then,
/// too.
template <typename Work>
auto in_session(const std::string& conninfo, Deadline deadline, Work work)
{
    for (;; std::this_thread::sleep_for(kRetryInterval)) {
        try {
            MigrationSession session(conninfo, deadline);
            return work(session);
        } catch (const SessionLost& lost) {
            if (deadline.has_passed()) throw Error(ErrorCode::unavailable, lost.reason);
            log(LogLevel::warn, "migration begins again", {{"reason", lost.reason}});
        }
    }
}

/// The steps that are still to be applied.
std::vector<Migration> compare(const History& history, std::span<const Migration> migrations)
{
    std::vector<Migration> missing;
    for (const auto& migration : migrations) {
        const auto applied = history.find(migration.number);
        const auto name = label(migration.number, migration.name);
        if (applied == history.end()) {
            missing.push_back(migration);
        } else if (applied->second.checksum != migration.checksum) {
            throw Error(ErrorCode::internal,
                        "migration " + name + " was edited after it had been applied as " +
                            label(migration.number, applied->second.name) +
                            "; restore the file and put the change into a new migration");
        } else if (!missing.empty()) {
            throw Error(ErrorCode::internal,
                        "migration " + label(missing.front().number, missing.front().name) +
                            " is missing in the database although " + name + " is there");
        }
    }
    const int newest = migrations.empty() ? 0 : migrations.back().number;
    for (auto unknown = history.upper_bound(newest); unknown != history.end(); ++unknown)
        log(LogLevel::warn, "database has a newer migration than this release",
            {{"migration", label(unknown->first, unknown->second.name)}});
    if (!missing.empty() && history.upper_bound(newest) != history.end())
        throw Error(ErrorCode::internal, "migration " + label(missing.front().number, missing.front().name) +
                                             " is missing in the database although newer ones are there");
    return missing;
}

PoolOptions connection_options(std::string url, const MigratorOptions& options)
{
    PoolOptions connection;
    connection.url = std::move(url);
    connection.name = options.name;
    connection.statement_timeout = options.statement_timeout;
    connection.lock_timeout = options.lock_timeout;
    return connection;
}

}  // namespace

Migrator::Migrator(std::string url, MigratorOptions options)
    : conninfo_(make_conninfo(connection_options(std::move(url), options))), options_(std::move(options))
{
}

std::vector<std::string> Migrator::pending(std::span<const Migration> migrations) const
{
    const auto deadline = Deadline::after(options_.patience);
    return in_session(conninfo_, deadline, [&](MigrationSession& session) {
        std::vector<std::string> names;
        for (const auto& migration : compare(session.history(deadline), migrations))
            names.push_back(label(migration.number, migration.name));
        return names;
    });
}

int Migrator::run(std::span<const Migration> migrations) const
{
    const auto deadline = Deadline::after(options_.patience);
    int applied = 0;
    in_session(conninfo_, deadline, [&](MigrationSession& session) {
        // The usual start finds nothing to do, and takes no lock to see it.
        if (compare(session.history(deadline), migrations).empty()) return;
        session.lock(deadline);
        for (const auto& migration : compare(session.history(deadline), migrations)) {
            const auto started = std::chrono::steady_clock::now();
            session.apply(migration, deadline);
            ++applied;
            const auto took = std::chrono::steady_clock::now() - started;
            log(LogLevel::info, "migration applied",
                {{"migration", label(migration.number, migration.name)},
                 {"milliseconds", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
        }
    });
    return applied;
}

void prepare_all(const std::string& url, std::span<const Query> queries)
{
    PoolOptions options;
    options.url = url;
    const auto connection = open_connection(make_conninfo(options));
    std::string refused;
    for (const auto& query : queries) {
        try {
            connection->prepare(query.name, query.text);
            connection->prepare_now(query.name);
        } catch (const std::exception& error) {
            refused += std::string("\n") + query.name + ": " + error.what();
        }
    }
    if (!refused.empty()) throw Error(ErrorCode::internal, "Postgres refuses to prepare:" + refused);
}

}  // namespace lintel::storage
