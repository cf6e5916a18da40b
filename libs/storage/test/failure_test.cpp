#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "lintel/core/task.hpp"
#include "lintel/storage/batch.hpp"
#include "lintel/testing/eventually.hpp"
#include "stack.hpp"

/// What happens when Postgres, or the way to it, fails. Every test leaves the shared cluster running.
namespace lintel::storage::test {
namespace {

using core::ErrorCode;
using core::Id;
using core::sync_wait;
using namespace std::chrono_literals;

constexpr Query kInsert{"insert_effect", "INSERT INTO effects (id) VALUES ($1)"};
constexpr Query kInsertAll{"insert_effects",
                           "INSERT INTO effects (id) SELECT unnest($1::uuid[]) ON CONFLICT (id) DO NOTHING"};
constexpr Query kPid{"get_pid", "SELECT pg_backend_pid()"};
constexpr Query kSleep{"sleep", "SELECT pg_sleep($1)"};
constexpr Query kSelectStar{"select_star", "SELECT * FROM effects"};
constexpr Query kTerminate{"terminate_self", "SELECT pg_terminate_backend(pg_backend_pid())"};

struct Effects : Stack {
    explicit Effects(PoolOptions options = {}) : Stack(std::move(options))
    {
        sql("CREATE TABLE IF NOT EXISTS effects (id uuid PRIMARY KEY)");
    }

    bool eventually_available(bool available)
    {
        return testing::eventually(15s, [&] { return pool.is_available() == available; });
    }
    void terminate_all() const
    {
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'lintel' AND datname = current_database()");
    }
    std::string count() const { return sql("SELECT count(*) FROM effects"); }
};

TEST_CASE("a connection that ended while idle is replaced before anything is sent")
{
    Effects effects;
    for (int round = 0; round < 20; ++round) {
        sync_wait(effects.pool.execute(Stack::context(), kInsert, Id::generate()));
        effects.terminate_all();
    }
    CHECK(effects.count() == "20");
    CHECK(effects.pool.is_available());
}

TEST_CASE("a transaction whose connection is lost before the commit is run again, once")
{
    Effects effects;
    int runs = 0;
    const auto body = [&](int losses) {
        return [&runs, losses](Transaction& transaction) {
            transaction.exec(kInsert, Id::generate());
            if (++runs <= losses) transaction.exec(kTerminate);
        };
    };
    sync_wait(effects.pool.transact(Stack::context(), body(1)));
    CHECK(runs == 2);
    CHECK(effects.count() == "1");
    runs = 0;
    CHECK(code_of([&] { sync_wait(effects.pool.transact(Stack::context(), body(9))); }) ==
          ErrorCode::unavailable);
    CHECK(runs == 2);
}

TEST_CASE("a lost single statement has an unknown outcome unless it may be repeated")
{
    Effects effects;
    CHECK(code_of([&] { sync_wait(effects.pool.execute(Stack::context(), kTerminate)); }) ==
          ErrorCode::deadline_exceeded);
    CHECK(code_of([&] { sync_wait(effects.pool.query(Stack::context(), kTerminate)); }) ==
          ErrorCode::deadline_exceeded);
}

TEST_CASE("a schema change under a prepared statement is noticed and survived")
{
    Effects effects({.connections = 1});
    sync_wait(effects.pool.query(Stack::context(), kSelectStar));
    effects.sql("ALTER TABLE effects ADD COLUMN more int");
    sync_wait(effects.pool.query(Stack::context(), kSelectStar));
}

TEST_CASE("a stopped Postgres holds nobody beyond the deadline, and is noticed and left, and found again")
{
    auto& postgres = cluster();
    Effects effects({.connections = 2, .queue_limit = 2, .statement_timeout = 500ms, .silence_grace = 500ms});
    sync_wait(effects.pool.query(Stack::context(), kPid));
    postgres.pause();
    CHECK(code_of([&] { sync_wait(effects.pool.query(Stack::context(100ms), kPid)); }) ==
          ErrorCode::deadline_exceeded);
    CHECK(effects.eventually_available(false));
    // A job that was with a thread when the connection was given up may still end with its deadline.
    CHECK(testing::eventually(20s, [&] {
        return code_of([&] { sync_wait(effects.pool.query(Stack::context(), kPid)); }) ==
               ErrorCode::unavailable;
    }));
    postgres.resume();
    CHECK(effects.eventually_available(true));
    sync_wait(effects.pool.query(Stack::context(), kPid));
}

TEST_CASE("a pool closes in time while Postgres is stopped")
{
    auto& postgres = cluster();
    Effects effects;
    sync_wait(effects.pool.query(Stack::context(), kPid));
    postgres.pause();
    std::thread waiter([&] { code_of([&] { sync_wait(effects.pool.query(Stack::context(20s), kPid)); }); });
    std::this_thread::sleep_for(100ms);
    const auto started = std::chrono::steady_clock::now();
    effects.pool.close(core::Deadline::after(300ms));
    CHECK(std::chrono::steady_clock::now() - started < 5s);
    waiter.join();
    postgres.resume();
}

TEST_CASE("a pool starts before Postgres does, and tells when it is there and when it is gone")
{
    auto& postgres = cluster();
    const auto url = new_database();
    postgres.stop();
    Stack effects({.url = url});
    std::atomic<int> changes{0};
    effects.pool.on_availability_change([&](bool) { ++changes; });
    CHECK(code_of([&] { sync_wait(effects.pool.query(Stack::context(), kPid)); }) == ErrorCode::unavailable);
    postgres.start();
    CHECK(testing::eventually(15s, [&] { return effects.pool.is_available(); }));
    postgres.kill();
    CHECK(testing::eventually(15s, [&] { return !effects.pool.is_available(); }));
    CHECK(testing::eventually(1s, [&] { return changes == 2; }));
    postgres.start();
}

/// Keeps writing until it is told to stop, and remembers what was acknowledged.
struct Load {
    explicit Load(Stack& on)
        : effects(on),
          batch(
              on.pool, {.name = "insert_effects", .mode = Mode::single_statement},
              [](const Id& id) { return id; },
              [](Transaction& transaction, std::span<const Id> ids) {
                  transaction.exec(kInsertAll, array_of(ids));
                  return std::vector<bool>(ids.size(), true);
              })
    {
    }

    core::Task<void> write()
    {
        while (!stopping) {
            const auto id = Id::generate();
            try {
                auto writing = batch.submit(Stack::context(), id);
                co_await std::move(writing);
                std::lock_guard lock(mutex);
                acknowledged.push_back(id);
            } catch (const core::Error&) {
                ++failed;
            }
            co_await effects.executor.sleep(1ms);
        }
        --writers;
    }

    void start(int count)
    {
        writers = count;
        for (int writer = 0; writer < count; ++writer)
            core::spawn(write());
    }
    void stop()
    {
        stopping = true;
        REQUIRE(testing::eventually(15s, [&] { return writers == 0; }));
    }

    /// How many acknowledged writes the database does not hold.
    std::int64_t lost()
    {
        constexpr Query kLost{"count_lost",
                              "SELECT count(*) FROM unnest($1::uuid[]) AS wanted (id) WHERE NOT EXISTS "
                              "(SELECT FROM effects WHERE effects.id = wanted.id)"};
        std::lock_guard lock(mutex);
        return sync_wait(effects.pool.query(Stack::context(), kLost, array_of(acknowledged)))
            .one()
            .get<std::int64_t>(0);
    }
    std::size_t count()
    {
        std::lock_guard lock(mutex);
        return acknowledged.size();
    }

    Stack& effects;
    Batch<Id, bool> batch;
    std::mutex mutex;
    std::vector<Id> acknowledged;
    std::atomic<int> failed{0};
    std::atomic<int> writers{0};
    std::atomic<bool> stopping{false};
};

TEST_CASE("connections that are terminated under load cost nobody an error")
{
    Effects effects;
    Load load(effects);
    load.start(32);
    // A batch is run again once, so that it must be through before the next blow.
    for (int round = 0; round < 20; ++round) {
        const auto before = load.count();
        REQUIRE(testing::eventually(60s, [&] { return load.count() > before + 50; }));
        effects.terminate_all();
    }
    load.stop();
    CHECK(load.failed == 0);
    CHECK(load.count() > 1000);
    CHECK(load.lost() == 0);
}

TEST_CASE("a Postgres that is killed and restarted under load loses nothing it had acknowledged")
{
    testing::Postgres postgres({.durable = true});
    postgres.query("CREATE TABLE effects (id uuid PRIMARY KEY)");
    Stack effects({.url = postgres.url()});
    Load load(effects);
    load.start(32);
    for (int round = 0; round < 2; ++round) {
        std::this_thread::sleep_for(500ms);
        postgres.kill();
        std::this_thread::sleep_for(300ms);
        postgres.start();
        const auto before = load.count();
        CHECK(testing::eventually(10s, [&] { return load.count() > before + 100; }));
    }
    load.stop();
    CHECK(load.lost() == 0);
}

}  // namespace
}  // namespace lintel::storage::test
