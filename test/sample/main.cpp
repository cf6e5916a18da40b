// A whole worker service: one endpoint, one table. Replicated, batched, traced, measured, probed and drained
// like the services that Lintel ships. ARCHITECTURE.md walks through it.

#include "lintel/contracts/notes_endpoints.hpp"
#include "lintel/notes/sql/migrations.hpp"
#include "lintel/notes/sql/queries.hpp"
#include "lintel/service/host.hpp"
#include "lintel/storage/batch.hpp"

namespace lintel::notes {

using contracts::Note;

std::vector<bool> insert_notes(storage::Transaction& transaction, std::span<const Note> notes)
{
    transaction.exec(sql::insert_notes, storage::array_of(notes, &Note::id),
                     storage::array_of(notes, &Note::building_id), storage::array_of(notes, &Note::text),
                     storage::array_of(notes, &Note::created_at));
    return std::vector<bool>(notes.size(), true);
}

class Notes {
public:
    struct Options {
        std::size_t batch = 128;

        void declare(service::Settings& settings)
        {
            settings.add("NOTES_BATCH", batch, "Notes written by one statement.", std::size_t{1});
        }
    };

    Notes(service::Host& host, const Options& options)
        : inserts_(
              host.database(),
              {.name = "insert_notes", .max_items = options.batch, .mode = storage::Mode::single_statement},
              &Note::id, insert_notes)
    {
        host.endpoints().serve<contracts::NotesAdd>(
            [this](const messaging::Request& request, contracts::NoteAdd note) {
                return add(request.context, std::move(note));
            });
    }

private:
    core::Task<Note> add(telemetry::Context context, contracts::NoteAdd request)
    {
        const Note note{core::Id::generate(), request.building_id, std::move(request.text), core::now()};
        co_await inserts_.submit(std::move(context), note);
        co_return note;
    }

    storage::Batch<Note, bool> inserts_;
};

}  // namespace lintel::notes

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<notes::Notes>(argc, argv,
                                      {.name = "notes",
                                       .description = "notes about buildings",
                                       .migrations = notes::sql::all_migrations,
                                       .ops_port = 9901});
}
