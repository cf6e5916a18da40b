#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "lintel/storage/query.hpp"

namespace lintel::storage {

struct MigratorOptions {
    /// Seen in pg_stat_activity.
    std::string name = "lintel-migrate";
    /// In all: for Postgres to come up, for another replica that migrates, and for locks.
    std::chrono::milliseconds patience{60000};
    /// How long a step may make the traffic of the running release queue up behind its lock before it gives
    /// way and tries again.
    std::chrono::milliseconds lock_timeout{2000};
    /// Of one statement of a step; zero for no limit.
    std::chrono::milliseconds statement_timeout{0};
};

/// Brings the schema of one database forward, step by step, each in a transaction of its own.
///
/// What was applied is recorded with its checksum in the table schema_migrations. Several replicas may start
/// at once: an advisory lock lets one work and the others wait. Steps in the database that this release does
/// not know are tolerated and logged, so that the previous release keeps running beside its successor.
///
/// Throws core::Error: `internal` when an applied step was edited, is missing below a newer one, or fails;
/// nothing of a step that fails remains. `unavailable` when the patience is over; until then a connection
/// that is lost is made again. Blocks; for main.
class Migrator {
public:
    explicit Migrator(std::string url, MigratorOptions options = {});

    /// How many steps were applied.
    int run(std::span<const Migration> migrations) const;

    /// The steps that run() would apply, by their names; what readiness asks when MIGRATE is off. Same
    /// refusals.
    std::vector<std::string> pending(std::span<const Migration> migrations) const;

private:
    std::string conninfo_;
    MigratorOptions options_;
};

/// Prepares every one of `queries` in the database of `url` and throws core::Error{internal}, naming all that
/// Postgres refuses. Run against the migrated schema, it type-checks all SQL of a service in one test.
void prepare_all(const std::string& url, std::span<const Query> queries);

}  // namespace lintel::storage
