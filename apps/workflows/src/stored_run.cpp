#include "stored_run.hpp"

#include <algorithm>

#include "command_text.hpp"
#include "lintel/core/error.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using storage::array_of;
using workflow::Run;
using workflow::StepRun;
using workflow::StepState;

template <typename Value>
Value known(const std::optional<Value>& value, const char* what)
{
    if (!value)
        throw core::Error(core::ErrorCode::internal, std::string("a stored run has an unknown ") + what);
    return *value;
}

std::optional<workflow::StepError> error_of(const storage::Row& row)
{
    const auto text = row.get<std::optional<std::string_view>>("error");
    if (!text) return std::nullopt;
    return error_from_text(*text);
}

StoredRun run_of(const storage::Row& row, storage::Transaction& transaction, DefinitionCatalog& catalog)
{
    StoredRun stored;
    auto& run = stored.run;
    auto entry = catalog.get(transaction, row.get<std::string>("definition"),
                             row.get<std::int64_t>("definition_version"));
    run.definition = std::move(entry.definition);
    stored.takes_signals = entry.takes_signals;
    run.id = row.get<core::Id>("id");
    run.name = row.get<std::string>("name");
    run.key = row.get<std::optional<std::string>>("key").value_or("");
    run.status = known(workflow::run_status_from_string(row.get<std::string_view>("status")), "status");
    run.input = row.get<std::string>("input");
    run.attributes = row.get<std::string>("attributes");
    run.output = row.get<std::optional<std::string>>("output");
    run.error = error_of(row);
    if (const auto parent = row.get<std::optional<core::Id>>("parent_id"))
        run.parent = workflow::Parent{*parent, row.get<std::string>("parent_path")};
    run.is_pending = row.get<bool>("is_pending");
    run.is_paused = row.get<bool>("is_paused");
    run.ending = known(workflow::ending_from_string(row.get<std::string_view>("ending")), "ending");
    run.created_at = row.get<core::Timestamp>("created_at");
    stored.is_limited = row.get<bool>("is_limited");
    stored.priority = row.get<std::int64_t>("priority");
    stored.traceparent = row.get<std::optional<std::string>>("traceparent").value_or("");
    stored.now = row.get<core::Timestamp>("now");
    stored.loaded = StoredRun::Fields(run);
    return stored;
}

StepRun step_of(const storage::Row& row)
{
    StepRun step;
    step.path = row.get<std::string>("path");
    step.state =
        known(workflow::step_state_from_string(row.get<std::string_view>("state")), "state of a step");
    step.attempt = row.get<std::int64_t>("attempt");
    step.failures = row.get<std::int64_t>("failures");
    step.lease_losses = row.get<std::int64_t>("lease_losses");
    step.generation = row.get<std::int64_t>("generation");
    step.is_uncertain = row.get<bool>("is_uncertain");
    step.due_at = row.get<std::optional<core::Timestamp>>("due_at");
    step.input = row.get<std::optional<std::string>>("input");
    step.output = row.get<std::optional<std::string>>("output");
    step.error = error_of(row);
    step.completed_as = row.get<std::int64_t>("completed_as");
    step.child = row.get<std::optional<core::Id>>("child_id");
    step.changed_at = row.get<core::Timestamp>("changed_at");
    return step;
}

void load_steps(storage::Transaction& transaction, std::map<core::Id, StoredRun>& runs)
{
    const auto ids = array_of(runs, [](const auto& each) { return each.first; });
    for (const auto row : transaction.exec(sql::load_steps, ids)) {
        auto& stored = runs.at(row.get<core::Id>("run_id"));
        auto step = step_of(row);
        stored.run.completions = std::max(stored.run.completions, step.completed_as);
        if (step.state == StepState::claimed)
            if (const auto holder = row.get<std::optional<core::Id>>("session_id"))
                stored.holders.emplace(step.path, *holder);
        auto path = step.path;
        stored.run.steps.emplace(std::move(path), std::move(step));
    }
}

void load_signals(storage::Transaction& transaction, std::map<core::Id, StoredRun>& runs)
{
    std::vector<core::Id> ids;
    for (const auto& [id, stored] : runs)
        if (stored.takes_signals) ids.push_back(id);
    if (ids.empty()) return;
    for (const auto row : transaction.exec(sql::load_signals, array_of(ids)))
        runs.at(row.get<core::Id>("run_id"))
            .run.signals.push_back(
                {row.get<std::string>("id"), row.get<std::string>("name"), row.get<std::string>("payload")});
}

/// A value of a run or step with what belongs to it.
template <typename Value>
struct Owned {
    const StoredRun* owner;
    const Value* value;
};

template <typename Value, typename Field>
storage::Parameter column(const std::vector<Owned<Value>>& items, Field field)
{
    return array_of(items, [&](const Owned<Value>& item) { return std::invoke(field, *item.value); });
}

template <typename Value>
storage::Parameter run_ids(const std::vector<Owned<Value>>& items)
{
    return array_of(items, [](const Owned<Value>& item) { return item.owner->run.id; });
}

void save_rows(storage::Transaction& transaction, const std::vector<const StoredRun*>& runs)
{
    if (runs.empty()) return;
    const auto of = [&](auto field) {
        return array_of(runs, [&](const StoredRun* stored) { return std::invoke(field, stored->run); });
    };
    transaction.exec(
        sql::save_runs, of(&Run::id), of([](const Run& run) { return workflow::to_string(run.status); }),
        of(&Run::output), of([](const Run& run) { return error_text(run.error); }), of(&Run::is_paused),
        of([](const Run& run) { return workflow::to_string(run.ending); }),
        of([](const Run& run) { return workflow::is_final(run.status); }),
        array_of(runs, [](const StoredRun* stored) { return stored->now; }), of(&Run::is_pending));
}

std::optional<core::Id> dead_letter_id(const Owned<StepRun>& step)
{
    if (step.value->state != StepState::dead) return std::nullopt;
    return core::Id::derive(step.owner->run.id, step.value->path);
}

void save_steps(storage::Transaction& transaction, const std::vector<Owned<StepRun>>& steps)
{
    if (steps.empty()) return;
    const auto holder = [](const Owned<StepRun>& step) -> std::optional<core::Id> {
        const auto found = step.owner->holders.find(step.value->path);
        if (step.value->state != StepState::claimed || found == step.owner->holders.end())
            return std::nullopt;
        return found->second;
    };
    transaction.exec(sql::save_steps, run_ids(steps), column(steps, &StepRun::path),
                     column(steps, [](const StepRun& step) { return workflow::to_string(step.state); }),
                     array_of(steps, [](const Owned<StepRun>& step) { return step.owner->priority; }),
                     column(steps, &StepRun::attempt), column(steps, &StepRun::failures),
                     column(steps, &StepRun::lease_losses), column(steps, &StepRun::generation),
                     column(steps, &StepRun::is_uncertain), column(steps, &StepRun::due_at),
                     column(steps, &StepRun::input), column(steps, &StepRun::output),
                     column(steps, [](const StepRun& step) { return error_text(step.error); }),
                     column(steps, &StepRun::completed_as), column(steps, &StepRun::child),
                     array_of(steps, holder), column(steps, &StepRun::changed_at),
                     array_of(steps, dead_letter_id));
}

void save_history(storage::Transaction& transaction,
                  const std::vector<Owned<workflow::HistoryEntry>>& entries)
{
    using workflow::HistoryEntry;
    if (entries.empty()) return;
    transaction.exec(sql::save_history, run_ids(entries), column(entries, &HistoryEntry::type),
                     column(entries, &HistoryEntry::step),
                     array_of(entries, [](const auto& entry) { return entry.owner->now; }),
                     column(entries, &HistoryEntry::data));
}

void save_letters(storage::Transaction& transaction, const std::vector<Owned<Letter>>& letters)
{
    if (letters.empty()) return;
    transaction.exec(sql::save_mail, column(letters, &Letter::id),
                     column(letters, [](const Letter& letter) { return recipient(letter.command); }),
                     column(letters, [](const Letter& letter) { return to_text(letter.command); }),
                     array_of(letters, [](const auto& letter) { return letter.owner->now; }));
}

void take_signals(storage::Transaction& transaction,
                  const std::vector<Owned<std::pair<std::string, std::string>>>& taken)
{
    if (taken.empty()) return;
    transaction.exec(sql::take_signals, run_ids(taken),
                     column(taken, [](const auto& pair) { return pair.first; }),
                     column(taken, [](const auto& pair) { return pair.second; }));
}

}  // namespace

StoredRun::Fields::Fields(const Run& run)
    : status(run.status),
      output(run.output),
      error(run.error),
      is_pending(run.is_pending),
      is_paused(run.is_paused),
      ending(run.ending)
{
}

LockedRuns lock_runs(storage::Transaction& transaction, DefinitionCatalog& catalog,
                     std::span<const core::Id> ids, const core::Id& session)
{
    LockedRuns locked;
    for (const auto row : transaction.exec(sql::lock_runs, array_of(ids), session)) {
        locked.session_is_live = row.get<bool>("is_live");
        auto stored = run_of(row, transaction, catalog);
        const auto id = stored.run.id;
        locked.runs.emplace(id, std::move(stored));
    }
    if (locked.runs.empty()) return locked;
    load_steps(transaction, locked.runs);
    load_signals(transaction, locked.runs);
    return locked;
}

void save_runs(storage::Transaction& transaction, std::map<core::Id, StoredRun>& runs,
               std::span<const core::Id> delivered)
{
    std::vector<const StoredRun*> rows;
    std::vector<Owned<StepRun>> steps;
    std::vector<Owned<workflow::HistoryEntry>> entries;
    std::vector<Owned<Letter>> letters;
    std::vector<Owned<std::pair<std::string, std::string>>> taken;
    for (auto& [id, stored] : runs) {
        if (StoredRun::Fields(stored.run) != stored.loaded) rows.push_back(&stored);
        for (const auto& [path, step] : stored.run.steps)
            if (step.is_changed) steps.push_back({&stored, &step});
        for (const auto& entry : stored.effects.history)
            entries.push_back({&stored, &entry});
        for (auto& command : stored.effects.commands)
            stored.letters.push_back({core::Id::generate(), std::move(command)});
        stored.effects.commands.clear();
        for (const auto& letter : stored.letters)
            letters.push_back({&stored, &letter});
        for (const auto& pair : stored.effects.taken_signals)
            taken.push_back({&stored, &pair});
    }
    save_rows(transaction, rows);
    save_steps(transaction, steps);
    save_history(transaction, entries);
    save_letters(transaction, letters);
    take_signals(transaction, taken);
    if (!delivered.empty()) transaction.exec(sql::remove_mail, array_of(delivered));
}

}  // namespace lintel::workflows
