#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

#include "lintel/core/task.hpp"
#include "lintel/storage/batch.hpp"
#include "stack.hpp"

namespace lintel::storage::test {
namespace {

using core::ErrorCode;
using core::Id;
using core::sync_wait;

struct Note {
    Id id;
    std::string text;
};

constexpr Query kInsertNotes{"insert_notes",
                             "INSERT INTO notes (id, text) SELECT * FROM unnest($1::uuid[], $2::text[]) "
                             "ON CONFLICT (id) DO NOTHING"};

/// A table of notes that must not be empty, and the batch that fills it.
struct Notes : Stack {
    explicit Notes(BatchOptions options = {.name = "insert_notes"}) : batch(pool, std::move(options), key_of, insert())
    {
        sql("CREATE TABLE notes (id uuid PRIMARY KEY, text text NOT NULL CHECK (text <> ''))");
    }

    static Id key_of(const Note& note) { return note.id; }

    Batch<Note, std::size_t>::Run insert()
    {
        return [this](Transaction& transaction, std::span<const Note> notes) {
            ++runs;
            transaction.exec(kInsertNotes, array_of(notes, &Note::id), array_of(notes, &Note::text));
            return std::vector<std::size_t>(notes.size(), notes.size());
        };
    }

    std::atomic<int> runs{0};
    Batch<Note, std::size_t> batch;
};

core::Task<void> submit(Notes& notes, Note note, std::atomic<int>& done, std::atomic<int>& failed)
{
    try {
        co_await notes.batch.submit(Stack::context(), std::move(note));
    } catch (const core::Error&) {
        ++failed;
    }
    ++done;
}

TEST_CASE("concurrent items share statements and each has its answer")
{
    Notes notes;
    constexpr int kItems = 2000;
    std::atomic<int> done{0};
    std::atomic<int> failed{0};
    for (int item = 0; item < kItems; ++item) core::spawn(submit(notes, {Id::generate(), "text"}, done, failed));
    while (done < kItems) std::this_thread::yield();
    CHECK(failed == 0);
    CHECK(notes.runs < kItems / 10);
    CHECK(notes.sql("SELECT count(*) FROM notes") == std::to_string(kItems));
}

}  // namespace
}  // namespace lintel::storage::test
