#include <cstdlib>
#include <iostream>
#include <string>

#include "lintel/core/gate.hpp"
#include "lintel/core/task.hpp"
#include "lintel/storage/batch.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/storage/pool.hpp"
#include "lintel/telemetry/log.hpp"
#include "notes/sql/migrations.hpp"
#include "notes/sql/queries.hpp"

// Stores a thousand notes, each by a call of its own, and counts them:
//   storage_notes_example postgresql://user@localhost/database

using namespace lintel;

namespace {

constexpr std::size_t kNotes = 1000;
constexpr std::chrono::seconds kPatience{10};

struct Note {
    core::Id id;
    std::string text;
};

std::vector<bool> insert_notes(storage::Transaction& transaction, std::span<const Note> notes)
{
    transaction.exec(notes::sql::insert_notes, storage::array_of(notes, &Note::id),
                     storage::array_of(notes, &Note::text));
    return std::vector<bool>(notes.size(), true);
}

core::Task<void> store(storage::Batch<Note, bool>& inserts, Note note, core::Gate::Pass)
{
    try {
        auto inserting = inserts.submit(telemetry::Context::start(kPatience), std::move(note));
        co_await std::move(inserting);
    } catch (const core::Error& error) {
        telemetry::log(telemetry::LogLevel::error, "note not stored", {{"reason", error.what()}});
    }
}

core::Task<std::int64_t> store_and_count(storage::Pool& pool, storage::Batch<Note, bool>& inserts)
{
    core::Gate under_way(kNotes);
    for (std::size_t note = 0; note < kNotes; ++note)
        core::spawn(store(inserts, {core::Id::generate(), "a note"}, *under_way.try_enter()));
    co_await under_way.drain(pool.executor(), core::Deadline::after(kPatience));

    auto counting = pool.query(telemetry::Context::start(kPatience), notes::sql::count_notes);
    const auto rows = co_await std::move(counting);
    co_return rows.one().get<std::int64_t>("notes");
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " DATABASE_URL\n";
        return EXIT_FAILURE;
    }
    telemetry::init_log({.level = telemetry::LogLevel::info,
                         .format = telemetry::LogFormat::text,
                         .service = "notes",
                         .replica = "example"});
    try {
        storage::Migrator(argv[1]).run(notes::sql::all_migrations);
        core::IoThreads threads;
        telemetry::Metrics metrics;
        storage::Pool pool(threads.executor(), metrics, {.url = argv[1], .name = "notes"});
        storage::Batch<Note, bool> inserts(
            pool, {.name = "insert_notes", .mode = storage::Mode::single_statement},
            [](const Note& note) { return note.id; }, insert_notes);
        std::cout << core::sync_wait(store_and_count(pool, inserts)) << " notes\n";
    } catch (const core::Error& error) {
        std::cerr << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
