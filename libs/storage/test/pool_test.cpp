#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "lintel/core/task.hpp"
#include "lintel/telemetry/log.hpp"
#include "lintel/testing/temp_dir.hpp"
#include "stack.hpp"

namespace lintel::storage::test {
namespace {

using core::ErrorCode;
using core::sync_wait;
using namespace std::chrono_literals;

constexpr const char* kSchema =
    "CREATE TABLE things (id int PRIMARY KEY, name text NOT NULL, size int CHECK (size > 0), parent int "
    "REFERENCES "
    "things)";
constexpr Query kInsert{"insert_thing", "INSERT INTO things (id, name, size) VALUES ($1, $2, $3)"};
constexpr Query kInsertChild{"insert_child",
                             "INSERT INTO things (id, name, parent) VALUES ($1, 'child', $2)"};
constexpr Query kCount{"count_things", "SELECT count(*) FROM things"};
constexpr Query kSleep{"sleep", "SELECT pg_sleep($1)"};

struct Things : Stack {
    explicit Things(PoolOptions options = {}) : Stack(std::move(options)) { sql(kSchema); }

    std::int64_t count() { return sync_wait(pool.query(context(), kCount)).one().get<std::int64_t>(0); }
    void insert(int id) { sync_wait(pool.execute(context(), kInsert, id, "thing", 1)); }
};

TEST_CASE("a transaction commits what its body did")
{
    Things things;
    const auto answer = sync_wait(things.pool.transact(Stack::context(), [](Transaction& transaction) {
        transaction.exec(kInsert, 1, "one", std::nullopt);
        return transaction.exec(kCount).one().get<int>(0);
    }));
    CHECK(answer == 1);
    CHECK(things.sql("SELECT count(*) FROM things") == "1");
    CHECK(things.pool.is_available());
}

TEST_CASE("a transaction rolls back when its body throws")
{
    Things things;
    const auto code = code_of([&] {
        sync_wait(things.pool.transact(Stack::context(), [](Transaction& transaction) {
            transaction.exec(kInsert, 1, "one", 1);
            throw core::Error(ErrorCode::precondition, "changed its mind");
        }));
    });
    CHECK(code == ErrorCode::precondition);
    CHECK(things.count() == 0);
}

TEST_CASE("a transaction whose body swallowed an error cannot commit the rest")
{
    Things things;
    const auto code = code_of([&] {
        sync_wait(things.pool.transact(Stack::context(), [](Transaction& transaction) {
            transaction.exec(kInsert, 1, "one", 1);
            try {
                transaction.exec(kInsert, 1, "again", 1);
            } catch (const core::Error&) {
            }
        }));
    });
    CHECK(code == ErrorCode::conflict);
    CHECK(things.count() == 0);
}

TEST_CASE("text with U+0000 is refused, never cut off")
{
    Things things;
    const std::string text("ab\0cd", 5);
    const auto insert = [&] { sync_wait(things.pool.execute(Stack::context(), kInsert, 1, text, 1)); };
    CHECK(code_of(insert) == ErrorCode::invalid);
    CHECK(things.count() == 0);
}

TEST_CASE("constraint violations tell their constraint")
{
    Things things;
    things.insert(1);
    const auto violate = [&](const Query& query, auto... values) {
        try {
            sync_wait(things.pool.execute(Stack::context(), query, values...));
        } catch (const DatabaseError& error) {
            CHECK(error.cause() == Cause::data);
            // Callers may read it.
            for (const char* internal : {"things", "insert", "constraint", "key", "CONSTRAINT"})
                CHECK(std::string(error.what()).find(internal) == std::string::npos);
            return std::string(core::to_string(error.code())) + ' ' + error.sqlstate() + ' ' +
                   error.constraint();
        }
        return std::string("nothing");
    };
    CHECK(violate(kInsert, 1, "\nCONSTRAINT NAME:  forged", 1) == "conflict 23505 things_pkey");
    CHECK(violate(kInsert, 2, "two", -1) == "invalid 23514 things_size_check");
    CHECK(violate(kInsert, 2, std::nullopt, 1) == "invalid 23502 ");
    CHECK(violate(kInsertChild, 2, 99) == "conflict 23503 things_parent_fkey");
    CHECK(violate(kInsert, "x", "name", 1) == "invalid 22P02 ");
    CHECK(violate(kInsert, 99999999999, "name", 1) == "invalid 22003 ");
}

/// What `act` sends to stderr.
template <typename Act>
std::string logged(Act act)
{
    const testing::TempDir directory;
    const auto file = directory.path() / "stderr";
    std::fflush(stderr);
    const int saved = dup(STDERR_FILENO);
    REQUIRE(std::freopen(file.c_str(), "w", stderr) != nullptr);
    act();
    std::fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    std::ifstream lines(file);
    return {std::istreambuf_iterator<char>(lines), {}};
}

TEST_CASE("the log has what a caller is not told, but no value")
{
    telemetry::init_log({.level = telemetry::LogLevel::info, .service = "test", .replica = "test-1"});
    {
        Things things;
        things.insert(1);
        const auto log = logged([&] {
            CHECK(code_of([&] { things.insert(1); }) == ErrorCode::conflict);
            CHECK(code_of([&] {
                      sync_wait(things.pool.execute(Stack::context(), kInsert, "a secret", "name", 1));
                  }) == ErrorCode::invalid);
        });
        CHECK(log.find(R"("query":"insert_thing","sqlstate":"23505","constraint":"things_pkey")") !=
              std::string::npos);
        CHECK(log.find(R"("sqlstate":"22P02")") != std::string::npos);
        CHECK(log.find("a secret") == std::string::npos);
    }
    telemetry::init_log({.level = telemetry::LogLevel::off});
}

TEST_CASE("a server that only reads is unavailable for writes, and nothing is wrong with them")
{
    Things things;
    things.sql(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', "
        "current_database()); END $$");
    Pool pool(things.executor, things.metrics, {.url = things.url});
    CHECK(code_of([&] { sync_wait(pool.execute(Stack::context(), kInsert, 1, "one", 1)); }) ==
          ErrorCode::unavailable);
    CHECK(things.count() == 0);
}

TEST_CASE("a statement that takes too long is cancelled")
{
    Things things({.statement_timeout = 50ms});
    CHECK(code_of([&] { sync_wait(things.pool.query(Stack::context(), kSleep, 5)); }) ==
          ErrorCode::deadline_exceeded);
    CHECK(things.count() == 0);
}

TEST_CASE("a waiter is let go at its deadline while the statement still runs")
{
    Things things;
    const auto started = std::chrono::steady_clock::now();
    CHECK(code_of([&] { sync_wait(things.pool.query(Stack::context(50ms), kSleep, 1)); }) ==
          ErrorCode::deadline_exceeded);
    CHECK(std::chrono::steady_clock::now() - started < 900ms);
}

TEST_CASE("a job that waits in the queue until its deadline has not happened and says so")
{
    Things things({.connections = 1});
    Occupied busy(things.pool);
    const auto late = [&](auto call) {
        try {
            call(Stack::context(30ms));
        } catch (const core::Error& error) {
            CHECK(std::string(error.what()) == "the database had no time for this; nothing has happened");
            return error.code();
        }
        return ErrorCode::internal;
    };
    CHECK(late([&](auto context) { sync_wait(things.pool.query(context, kCount)); }) ==
          ErrorCode::unavailable);
    CHECK(late([&](auto context) { sync_wait(things.pool.execute(context, kInsert, 1, "one", 1)); }) ==
          ErrorCode::unavailable);
    bool has_run = false;
    CHECK(late([&](auto context) {
              sync_wait(things.pool.transact(context, [&](Transaction&) { has_run = true; }));
          }) == ErrorCode::unavailable);
    busy.release();
    CHECK(things.count() == 0);
    CHECK_FALSE(has_run);
}

TEST_CASE("a full queue refuses at once, and what nobody waits for any more is not run")
{
    Things things({.connections = 1, .queue_limit = 1});
    Occupied busy(things.pool);
    CHECK(code_of([&] { sync_wait(things.pool.execute(Stack::context(100ms), kInsert, 1, "late", 1)); }) ==
          ErrorCode::unavailable);
    CHECK(code_of([&] { things.insert(2); }) == ErrorCode::unavailable);
    busy.release();
    things.pool.close(core::Deadline::after(5s));
    CHECK(things.sql("SELECT count(*) FROM things") == "0");
}

}  // namespace
}  // namespace lintel::storage::test
