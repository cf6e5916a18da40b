#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>

#include "lintel/core/task.hpp"
#include "lintel/storage/batch.hpp"
#include "lintel/storage/pool.hpp"
#include "lintel/telemetry/log.hpp"

// What batching gains: storage_bench postgresql://user@host/database [seconds]. Uses the table bench_items,
// which it drops.

using namespace lintel;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kCallers = 256;
constexpr std::size_t kRows = 128;
constexpr storage::Query kDrop{"drop_items", "DROP TABLE IF EXISTS bench_items"};
constexpr storage::Query kCreate{
    "create_items",
    "CREATE TABLE bench_items (id uuid PRIMARY KEY, a text, b text, c text, d text, e int, "
    "f int, g float8, h boolean, i timestamptz)"};
constexpr storage::Query kInsertOne{
    "insert_item",
    "INSERT INTO bench_items VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"};
constexpr storage::Query kInsertArrays{
    "insert_items_arrays",
    "INSERT INTO bench_items SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], "
    "$5::text[], "
    "$6::int[], $7::int[], $8::float8[], $9::bool[], $10::timestamptz[]) ON CONFLICT DO NOTHING"};
constexpr storage::Query kInsertJson{
    "insert_items_json",
    "INSERT INTO bench_items SELECT * FROM jsonb_to_recordset($1::jsonb) AS t (id uuid, a text, b text, c "
    "text, d text, "
    "e int, f int, g float8, h boolean, i timestamptz) ON CONFLICT DO NOTHING"};
constexpr storage::Query kGetOne{"get_item", "SELECT * FROM bench_items WHERE id = $1"};
constexpr storage::Query kGetMany{"get_items", "SELECT * FROM bench_items WHERE id = ANY ($1::uuid[])"};

struct Item {
    core::Id id = core::Id::generate();
    std::string a = "Pike Place Market", b = "1st Avenue \"85\"", c = "Seattle", d = "US";
    int e = 1907, f = 3;
    double g = 47.6097;
    bool h = true;
    core::Timestamp i = core::now();
};

void insert_one(storage::Transaction& transaction, const Item& it)
{
    transaction.exec(kInsertOne, it.id, it.a, it.b, it.c, it.d, it.e, it.f, it.g, it.h, it.i);
}

void insert_arrays(storage::Transaction& transaction, std::span<const Item> items)
{
    using storage::array_of;
    transaction.exec(kInsertArrays, array_of(items, &Item::id), array_of(items, &Item::a),
                     array_of(items, &Item::b), array_of(items, &Item::c), array_of(items, &Item::d),
                     array_of(items, &Item::e), array_of(items, &Item::f), array_of(items, &Item::g),
                     array_of(items, &Item::h), array_of(items, &Item::i));
}

void insert_json(storage::Transaction& transaction, std::span<const Item> items)
{
    std::string json = "[";
    for (const auto& it : items) {
        if (json.size() > 1) json += ',';
        json += R"({"id":")" + it.id.to_string() + R"(","a":")" + it.a +
                R"(","b":"1st Avenue \"85\"","c":")" + it.c + R"(","d":")" + it.d + R"(","e":)" +
                std::to_string(it.e) + R"(,"f":)" + std::to_string(it.f) + R"(,"g":)" + std::to_string(it.g) +
                R"(,"h":true,"i":")" + core::to_rfc3339(it.i) + "\"}";
    }
    transaction.exec(kInsertJson, json + ']');
}

/// Runs `call` from kCallers coroutines for `seconds` and prints the rate.
void measure(core::Executor& executor, const char* name, int seconds,
             const std::function<core::Task<void>()>& call)
{
    std::atomic<int> running{kCallers};
    std::atomic<long> done{0};
    std::atomic<bool> stopping{false};
    const auto loop = [&]() -> core::Task<void> {
        co_await executor.schedule();
        while (!stopping) {
            auto task = call();
            co_await std::move(task);
            ++done;
        }
        --running;
    };
    const auto started = Clock::now();
    for (int caller = 0; caller < kCallers; ++caller)
        core::spawn(loop());
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    stopping = true;
    while (running > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const double elapsed = std::chrono::duration<double>(Clock::now() - started).count();
    std::printf("%-52s %9.0f /s\n", name, static_cast<double>(done) / elapsed);
}

telemetry::Context context()
{
    return telemetry::Context::start(std::chrono::seconds(30));
}

using Inserts = storage::Batch<Item, bool>;

void measure_inserts(storage::Pool& pool, const char* name, int seconds, storage::Mode mode,
                     std::size_t concurrency)
{
    Inserts batch(
        pool, {.name = "bench_inserts", .concurrency = concurrency, .mode = mode},
        [](const Item& item) { return item.id; },
        [](storage::Transaction& transaction, std::span<const Item> items) {
            insert_arrays(transaction, items);
            return std::vector<bool>(items.size(), true);
        });
    measure(pool.executor(), name, seconds, [&]() -> core::Task<void> {
        auto task = batch.submit(context(), Item());
        co_await std::move(task);
    });
}

void measure_reads(storage::Pool& pool, const std::vector<core::Id>& known, const char* name, int seconds,
                   std::size_t concurrency)
{
    using Reads = storage::Batch<core::Id, bool>;
    std::atomic<std::size_t> next{0};
    Reads batch(
        pool,
        {.name = "bench_reads",
         .concurrency = concurrency,
         .mode = storage::Mode::single_statement,
         .same_key = storage::BatchOptions::SameKey::shares},
        [](const core::Id& key) { return key; },
        [](storage::Transaction& transaction, std::span<const core::Id> ids) {
            transaction.exec(kGetMany, storage::array_of(ids));
            return std::vector<bool>(ids.size(), true);
        });
    measure(pool.executor(), name, seconds, [&]() -> core::Task<void> {
        auto task = batch.submit(context(), known[++next % known.size()]);
        co_await std::move(task);
    });
}

std::vector<core::Id> insert_known(storage::Pool& pool)
{
    std::vector<Item> items(4096);
    core::sync_wait(pool.transact(
        context(), [&](storage::Transaction& transaction) { insert_arrays(transaction, items); }));
    std::vector<core::Id> ids;
    for (const auto& item : items)
        ids.push_back(item.id);
    return ids;
}

/// Milliseconds for one statement of kRows rows, rolled back so that only the statement counts.
template <typename Insert>
void measure_statement(storage::Pool& pool, const char* name, Insert insert)
{
    constexpr int kRounds = 300;
    std::vector<Item> items(kRows);
    const auto body = [&](storage::Transaction& transaction) {
        for (int round = 0; round < kRounds; ++round) {
            for (auto& item : items)
                item.id = core::Id::generate();
            insert(transaction, items);
        }
    };
    const auto started = Clock::now();
    core::sync_wait(pool.transact(context(), body));
    const double elapsed = std::chrono::duration<double, std::milli>(Clock::now() - started).count();
    std::printf("%-52s %9.3f ms\n", name, elapsed / kRounds);
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) return 1;
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 3;
    core::IoThreads threads(2);
    telemetry::Metrics metrics;
    storage::Pool pool(threads.executor(), metrics, {.url = argv[1], .name = "bench", .queue_limit = 4096});
    core::sync_wait(pool.execute(context(), kDrop));
    core::sync_wait(pool.execute(context(), kCreate));
    using storage::Mode;

    measure(pool.executor(), "insert, one transaction a row", seconds, [&]() -> core::Task<void> {
        auto task = pool.transact(
            context(), [item = Item()](storage::Transaction& transaction) { insert_one(transaction, item); });
        co_await std::move(task);
    });
    measure(pool.executor(), "insert, one statement a row", seconds, [&]() -> core::Task<void> {
        const Item it;
        auto task =
            pool.execute(context(), kInsertOne, it.id, it.a, it.b, it.c, it.d, it.e, it.f, it.g, it.h, it.i);
        co_await std::move(task);
    });
    measure_inserts(pool, "insert, Batch, transaction, 1 at a time", seconds, Mode::transaction, 1);
    measure_inserts(pool, "insert, Batch, transaction, 2 at a time", seconds, Mode::transaction, 2);
    measure_inserts(pool, "insert, Batch, single statement, 1 at a time", seconds, Mode::single_statement, 1);
    measure_inserts(pool, "insert, Batch, single statement, 2 at a time", seconds, Mode::single_statement, 2);
    const auto known = insert_known(pool);
    std::atomic<std::size_t> next{0};
    measure(pool.executor(), "read by id, one statement each", seconds, [&]() -> core::Task<void> {
        auto task = pool.query(context(), kGetOne, known[++next % known.size()]);
        co_await std::move(task);
    });
    measure_reads(pool, known, "read by id, Batch, 1 at a time", seconds, 1);
    measure_reads(pool, known, "read by id, Batch, 2 at a time", seconds, 2);
    measure_statement(pool, "128 rows x 10 columns, unnest of arrays", insert_arrays);
    measure_statement(pool, "128 rows x 10 columns, jsonb_to_recordset", insert_json);
    measure_statement(pool, "128 rows x 10 columns, unnest of arrays", insert_arrays);
    core::sync_wait(pool.execute(context(), kDrop));
}
