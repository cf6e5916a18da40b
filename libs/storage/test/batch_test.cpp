#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "lintel/core/task.hpp"
#include "lintel/storage/batch.hpp"
#include "lintel/testing/eventually.hpp"
#include "stack.hpp"

namespace lintel::storage::test {
namespace {

using core::ErrorCode;
using core::Id;
using core::sync_wait;
using namespace std::chrono_literals;

struct Note {
    Id id;
    std::string text;
};

constexpr Query kInsertNotes{"insert_notes",
                             "INSERT INTO notes (id, text) SELECT * FROM unnest($1::uuid[], $2::text[]) "
                             "ON CONFLICT (id) DO NOTHING"};
constexpr Query kConnect{"connect", "SELECT 1"};
constexpr Query kTerminate{"terminate_self", "SELECT pg_terminate_backend(pg_backend_pid())"};

/// A table of notes that must not be empty, and the batch that fills it.
struct Notes : Stack {
    explicit Notes(BatchOptions options = {.name = "insert_notes"}, PoolOptions pool_options = {})
        : Stack(std::move(pool_options)), batch(pool, std::move(options), key_of, insert())
    {
        sql("CREATE TABLE notes (id uuid PRIMARY KEY, text text NOT NULL CHECK (text <> ''))");
    }

    static Id key_of(const Note& note) { return note.id; }

    Batch<Note, std::size_t>::Run insert()
    {
        return [this](Transaction& transaction, std::span<const Note> notes) {
            const auto run = ++runs;
            in_order = in_order && std::is_sorted(notes.begin(), notes.end(),
                                                  [](const Note& a, const Note& b) { return a.id <= b.id; });
            transaction.exec(kInsertNotes, array_of(notes, &Note::id), array_of(notes, &Note::text));
            if (run == lose_connection_in_run) transaction.exec(kTerminate);
            return std::vector<std::size_t>(notes.size() + surplus_results, notes.size());
        };
    }

    std::string stored() const { return sql("SELECT count(*) FROM notes"); }

    std::atomic<int> runs{0};
    std::atomic<bool> in_order{true};
    int lose_connection_in_run = 0;
    std::size_t surplus_results = 0;
    Batch<Note, std::size_t> batch;
};

PoolOptions one_connection()
{
    return {.connections = 1};
}

/// Items that are submitted together, and how each of them ended.
struct Submissions {
    core::Task<void> submit(Notes& notes, Note note)
    {
        std::string outcome = "stored";
        try {
            auto submitting = notes.batch.submit(Stack::context(), std::move(note));
            const auto size = co_await std::move(submitting);
            outcome += " with " + std::to_string(size);
        } catch (const core::Error& error) {
            outcome = core::to_string(error.code());
        }
        std::lock_guard lock(mutex);
        ++outcomes[outcome];
        ++settled;
    }

    void add(Notes& notes, Note note)
    {
        ++submitted;
        core::spawn(submit(notes, std::move(note)));
    }
    void add(Notes& notes, int count, const std::string& text = "text")
    {
        for (int item = 0; item < count; ++item)
            add(notes, {Id::generate(), text});
    }
    std::map<std::string, int> wait()
    {
        REQUIRE(testing::eventually(15s, [this] { return settled == submitted; }));
        std::lock_guard lock(mutex);
        return outcomes;
    }

    std::mutex mutex;
    std::map<std::string, int> outcomes;
    std::atomic<int> settled{0};
    int submitted = 0;
};

using Outcomes = std::map<std::string, int>;

TEST_CASE("concurrent items share statements and each has its answer")
{
    Notes notes;
    Submissions items;
    items.add(notes, 2000);
    items.wait();
    CHECK(notes.stored() == "2000");
    CHECK(notes.runs < 200);
    CHECK(notes.in_order);
}

TEST_CASE("what came while a batch was under way goes together, up to the limit")
{
    Notes notes({.name = "insert_notes", .max_items = 100}, one_connection());
    Occupied busy(notes.pool);
    Submissions items;
    items.add(notes, 150);
    busy.release();
    CHECK(items.wait() == Outcomes{{"stored with 100", 100}, {"stored with 50", 50}});
}

TEST_CASE("a batch without limits of its own has those of its pool")
{
    Notes notes({.name = "insert_notes"}, {.connections = 1, .batch_items = 10, .batch_queue_limit = 25});
    Occupied busy(notes.pool);
    Submissions items;
    items.add(notes, 30);
    busy.release();
    CHECK(items.wait() == Outcomes{{"stored with 10", 20}, {"stored with 5", 5}, {"unavailable", 5}});
}

TEST_CASE("an item whose deadline passes while it is written has an unknown outcome")
{
    Stack stack(one_connection());
    sync_wait(stack.pool.query(Stack::context(), kConnect));
    std::atomic<bool> has_begun{false};
    std::promise<void> released;
    Batch<Id, bool> batch(
        stack.pool, {.name = "slow"}, [](const Id& id) { return id; },
        [&, release = released.get_future().share()](Transaction&, std::span<const Id> ids) {
            has_begun = true;
            release.wait();
            return std::vector<bool>(ids.size(), true);
        });
    CHECK(code_of([&] { sync_wait(batch.submit(Stack::context(300ms), Id::generate())); }) ==
          ErrorCode::deadline_exceeded);
    CHECK(has_begun);
    released.set_value();
}

TEST_CASE("items with one key go one after the other, in the order in which they came")
{
    Notes notes({.name = "insert_notes", .concurrency = 2});
    Submissions items;
    const auto id = Id::generate();
    for (int item = 0; item < 20; ++item)
        items.add(notes, {id, "text " + std::to_string(item)});
    CHECK(items.wait() == Outcomes{{"stored with 1", 20}});
    CHECK(notes.runs == 20);
    CHECK(notes.sql("SELECT text FROM notes") == "text 0");
}

TEST_CASE("one bad item fails alone")
{
    for (const auto mode : {Mode::transaction, Mode::single_statement}) {
        Notes notes({.name = "insert_notes", .mode = mode}, one_connection());
        Occupied busy(notes.pool);
        Submissions items;
        items.add(notes, 40);
        items.add(notes, 1, "");
        items.add(notes, 60);
        busy.release();
        auto outcomes = items.wait();
        CHECK(outcomes["invalid"] == 1);
        CHECK(notes.stored() == "100");
        CHECK(notes.runs < 20);
    }
}

TEST_CASE("many bad items cannot keep the database busy for ever")
{
    Notes notes({.name = "insert_notes", .max_runs = 10}, one_connection());
    Occupied busy(notes.pool);
    Submissions items;
    items.add(notes, 100, "");
    busy.release();
    auto outcomes = items.wait();
    CHECK(notes.runs == 10);
    CHECK(outcomes["invalid"] + outcomes["unavailable"] == 100);
    CHECK(notes.stored() == "0");
}

TEST_CASE("a batch whose connection is lost is run again as one, once")
{
    Notes notes({.name = "insert_notes"}, one_connection());
    notes.lose_connection_in_run = 1;
    Occupied busy(notes.pool);
    Submissions items;
    items.add(notes, 50);
    busy.release();
    CHECK(items.wait() == Outcomes{{"stored with 50", 50}});
    CHECK(notes.runs == 2);
    CHECK(notes.stored() == "50");
}

TEST_CASE("a full batch refuses at once, and items nobody waits for any more are not run")
{
    Notes notes({.name = "insert_notes", .queue_limit = 2}, one_connection());
    Occupied busy(notes.pool);
    CHECK(code_of([&] {
              sync_wait(notes.batch.submit(Stack::context(50ms), {Id::generate(), "late"}));
          }) == ErrorCode::unavailable);
    CHECK(notes.batch.submit_detached({Id::generate(), "detached"}));
    CHECK_FALSE(notes.batch.submit_detached({Id::generate(), "refused"}));
    Submissions items;
    items.add(notes, 1);
    CHECK(items.wait() == Outcomes{{"unavailable", 1}});
    busy.release();
    CHECK(testing::eventually(
        5s, [&] { return notes.sql("SELECT string_agg(text, ',') FROM notes") == "detached"; }));
}

TEST_CASE("an item that comes while a turn ends that had nothing to do does not wait for another one")
{
    // Its item has expired: the turn drops it, and with it goes `last`, on the database's thread and still
    // within the turn.
    struct Item {
        Id id = Id::generate();
        std::shared_ptr<void> last{};
    };
    Stack stack(one_connection());
    Batch<Item, bool> batch(
        stack.pool, {.name = "turns", .detached_deadline = 1ms}, [](const Item& item) { return item.id; },
        [](Transaction&, std::span<const Item> items) { return std::vector<bool>(items.size(), true); });
    std::atomic<bool> is_done{false};
    const auto submit = [&]() -> core::Task<void> {
        try {
            auto submitting = batch.submit(Stack::context(1min), Item{});
            co_await std::move(submitting);
            is_done = true;
        } catch (const core::Error&) {
            // Nobody took it until the batch ended.
        }
    };
    Occupied busy(stack.pool);
    batch.submit_detached({Id::generate(), {nullptr, [&](void*) { core::spawn(submit()); }}});
    std::this_thread::sleep_for(20ms);
    busy.release();
    CHECK(testing::eventually(10s, [&] { return is_done.load(); }));
}

TEST_CASE("a run that answers for more items than it was given is a defect")
{
    Notes notes;
    notes.surplus_results = 1;
    Submissions items;
    items.add(notes, 1);
    CHECK(items.wait() == Outcomes{{"internal", 1}});
}

TEST_CASE("a batch that ends waits for the turn it has asked for and leaves nobody waiting")
{
    Stack stack(one_connection());
    auto batch = std::make_unique<Batch<Id, bool>>(
        stack.pool, BatchOptions{.name = "ends"}, [](const Id& id) { return id; },
        [](Transaction&, std::span<const Id> ids) { return std::vector<bool>(ids.size(), true); });
    std::atomic<bool> is_settled{false};
    Occupied busy(stack.pool);
    const auto submit = [&]() -> core::Task<void> {
        try {
            auto submitting = batch->submit(Stack::context(), Id::generate());
            co_await std::move(submitting);
        } catch (const core::Error& error) {
            CHECK(error.code() == ErrorCode::unavailable);
        }
        is_settled = true;
    };
    core::spawn(submit());
    std::thread end([&] { batch.reset(); });
    std::this_thread::sleep_for(50ms);
    busy.release();
    end.join();
    CHECK(testing::eventually(5s, [&] { return is_settled.load(); }));
}

TEST_CASE("reads of one key share their result")
{
    Stack stack(one_connection());
    std::atomic<int> rows_read{0};
    Batch<Id, Id> reads(
        stack.pool,
        {.name = "reads", .mode = Mode::single_statement, .same_key = BatchOptions::SameKey::shares},
        [](const Id& id) { return id; },
        [&](Transaction&, std::span<const Id> ids) {
            rows_read += static_cast<int>(ids.size());
            return std::vector<Id>(ids.begin(), ids.end());
        });
    Occupied busy(stack.pool);
    const auto id = Id::generate();
    std::atomic<int> right{0};
    const auto read = [&]() -> core::Task<void> {
        auto reading = reads.submit(Stack::context(), id);
        const auto read_id = co_await std::move(reading);
        if (read_id == id) ++right;
    };
    for (int reader = 0; reader < 50; ++reader)
        core::spawn(read());
    busy.release();
    CHECK(testing::eventually(5s, [&] { return right == 50; }));
    CHECK(rows_read == 1);
}

}  // namespace
}  // namespace lintel::storage::test
