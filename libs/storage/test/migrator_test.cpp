#include "lintel/storage/migrator.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "lintel/core/task.hpp"
#include "lintel/testing/eventually.hpp"
#include "stack.hpp"

namespace lintel::storage::test {
namespace {

using core::ErrorCode;
using namespace std::chrono_literals;

constexpr Migration kFirst{1, "notes",
                           "CREATE TABLE notes (id int PRIMARY KEY); INSERT INTO notes VALUES (1)", "aa"};
constexpr Migration kSecond{2, "text", "ALTER TABLE notes ADD COLUMN text text", "bb"};
constexpr Migration kBroken{2, "broken", "CREATE TABLE half (id int); SELECT no_such_column", "cc"};
constexpr std::array kBoth{kFirst, kSecond};

int run(const std::string& url, std::span<const Migration> migrations)
{
    return Migrator(url, {.patience = 5s}).run(migrations);
}

std::string refusal(const std::string& url, std::span<const Migration> migrations)
{
    try {
        run(url, migrations);
    } catch (const core::Error& error) {
        CHECK(error.code() == ErrorCode::internal);
        return error.what();
    }
    return "none";
}

TEST_CASE("migrations are applied once, in order")
{
    const auto url = new_database();
    CHECK(Migrator(url).pending(kBoth) == std::vector<std::string>{"0001_notes", "0002_text"});
    CHECK(run(url, std::array{kFirst}) == 1);
    CHECK(run(url, kBoth) == 1);
    CHECK(run(url, kBoth) == 0);
    CHECK(Migrator(url).pending(kBoth).empty());
    CHECK(psql(url,
               "SELECT string_agg(number || name || checksum, ',' ORDER BY number) FROM schema_migrations") ==
          "1notesaa,2textbb");
}

TEST_CASE("replicas that start together apply each migration once")
{
    const auto url = new_database();
    std::atomic<int> applied{0};
    std::vector<std::thread> replicas;
    for (int replica = 0; replica < 8; ++replica)
        replicas.emplace_back([&] { applied += run(url, kBoth); });
    for (auto& replica : replicas)
        replica.join();
    CHECK(applied == 2);
    CHECK(psql(url, "SELECT count(*) FROM notes") == "1");
}

TEST_CASE("nothing remains of a migration that fails")
{
    const auto url = new_database();
    CHECK(refusal(url, std::array{kFirst, kBroken}).find("no_such_column") != std::string::npos);
    CHECK(psql(url, "SELECT count(*) FROM schema_migrations") == "1");
    CHECK(psql(url, "SELECT to_regclass('half') IS NULL") == "t");
    CHECK(run(url, kBoth) == 1);
}

TEST_CASE("an edited migration is refused")
{
    const auto url = new_database();
    run(url, kBoth);
    auto edited = kBoth;
    edited[0].checksum = "dd";
    CHECK(refusal(url, edited).starts_with("migration 0001_notes was edited after it had been applied"));
}

TEST_CASE("a newer database is tolerated, a gap is not")
{
    const auto url = new_database();
    run(url, kBoth);
    CHECK(run(url, std::array{kFirst}) == 0);
    psql(url, "DELETE FROM schema_migrations WHERE number = 1");
    CHECK(refusal(url, kBoth).find("0001_notes is missing") != std::string::npos);
    CHECK(refusal(url, std::array{kFirst}).find("0001_notes is missing") != std::string::npos);
}

TEST_CASE("a migration waits for the lock of a busy table, a little at a time")
{
    Stack traffic;
    run(traffic.url, std::array{kFirst});
    constexpr Query kRead{"read_notes", "SELECT id FROM notes"};
    constexpr Query kSleep{"sleep", "SELECT pg_sleep(1)"};
    std::thread busy([&] {
        core::sync_wait(traffic.pool.transact(Stack::context(), [&](Transaction& transaction) {
            transaction.exec(kRead);
            transaction.exec(kSleep);
        }));
    });
    REQUIRE(testing::eventually(5s, [&] {
        return traffic.sql("SELECT count(*) FROM pg_locks WHERE relation = 'notes'::regclass") != "0";
    }));
    CHECK(Migrator(traffic.url, {.patience = 10s, .lock_timeout = 100ms}).run(kBoth) == 1);
    busy.join();
}

/// Waits in its first step until it is interrupted.
struct Interrupted {
    static constexpr Migration kSlow{2, "slow",
                                     "DO $$ BEGIN IF NOT EXISTS (SELECT FROM interruptions) THEN PERFORM "
                                     "pg_sleep(60); END IF; END $$; CREATE TABLE slow (id int)",
                                     "ee"};
    static constexpr std::array kSteps{kFirst, kSlow};

    explicit Interrupted(std::chrono::milliseconds patience) : url(new_database())
    {
        psql(url, "CREATE TABLE interruptions (id int)");
        migration = std::async(std::launch::async, [this, patience] {
            return Migrator(url, {.patience = patience}).run(kSteps);
        });
        REQUIRE(testing::eventually(10s, [this] { return psql(url, "SELECT count(*)" + is_asleep) == "1"; }));
    }

    const std::string is_asleep =
        " FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    std::string url;
    std::future<int> migration;
};

TEST_CASE("a migration whose connection is lost begins again where it was")
{
    Interrupted interrupted(20s);
    psql(interrupted.url, "INSERT INTO interruptions VALUES (1)");
    CHECK(psql(interrupted.url, "SELECT pg_terminate_backend(pid)" + interrupted.is_asleep) == "t");
    CHECK(interrupted.migration.get() == 2);
    CHECK(psql(interrupted.url, "SELECT count(*) FROM schema_migrations") == "2");
}

TEST_CASE("a database that goes away in a migration and stays away is unavailable")
{
    Interrupted interrupted(1s);
    cluster().stop();
    CHECK(code_of([&] { interrupted.migration.get(); }) == ErrorCode::unavailable);
    cluster().start();
}

TEST_CASE("the patience for a database that is not there ends")
{
    const Migrator migrator("postgresql://postgres@127.0.0.1:1/nowhere", {.patience = 300ms});
    CHECK(code_of([&] { migrator.run(kBoth); }) == ErrorCode::unavailable);
}

TEST_CASE("prepare_all names what does not fit the schema")
{
    const auto url = new_database();
    run(url, kBoth);
    constexpr std::array kFits{Query{"get_note", "SELECT text FROM notes WHERE id = $1"}};
    constexpr std::array kMisfits{kFits[0], Query{"get_title", "SELECT title FROM notes"}};
    prepare_all(url, kFits);
    try {
        prepare_all(url, kMisfits);
        FAIL("was prepared");
    } catch (const core::Error& error) {
        CHECK(std::string(error.what()).find("get_title: ERROR:  42703") != std::string::npos);
    }
}

}  // namespace
}  // namespace lintel::storage::test
