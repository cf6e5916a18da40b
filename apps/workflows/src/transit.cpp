#include "transit.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <set>

#include "lintel/core/error.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using workflow::Moment;
using workflow::StepState;
using Kind = RunResult::Kind;

double chance(const TransitRules& rules)
{
    if (rules.chance) return *rules.chance;
    thread_local std::mt19937_64 generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(generator);
}

/// The step that an attempt's outcome is about.
const std::string* attempted_path(const workflow::Event& event)
{
    if (const auto* done = std::get_if<workflow::AttemptSucceeded>(&event)) return &done->path;
    if (const auto* failed = std::get_if<workflow::AttemptFailed>(&event)) return &failed->path;
    if (const auto* back = std::get_if<workflow::HandedBack>(&event)) return &back->path;
    return nullptr;
}

bool is_holder(const StoredRun& stored, const RunEvent& event)
{
    const auto* path = attempted_path(*event.event);
    const auto holder = path ? stored.holders.find(*path) : stored.holders.end();
    return holder != stored.holders.end() && holder->second == *event.session;
}

using SignalKey = std::pair<core::Id, std::string>;

/// Those that wait for nobody count, too: of runs without a step for signals nobody else loads them.
void count_signals(storage::Transaction& transaction, std::span<const RunEvent> events,
                   std::map<core::Id, StoredRun>& runs)
{
    std::set<core::Id> ids;
    for (const auto& event : events) {
        const bool is_signal = event.event && std::holds_alternative<workflow::SignalReceived>(*event.event);
        const auto run = runs.find(event.run);
        if (is_signal && run != runs.end() && !run->second.takes_signals) ids.insert(event.run);
    }
    if (ids.empty()) return;
    const auto wanted = storage::array_of(ids, [](const core::Id& id) { return id; });
    for (const auto row : transaction.exec(sql::list_waiting_signals, wanted))
        runs.at(row.get<core::Id>("run_id"))
            .run.signals.push_back({row.get<std::string>("id"), row.get<std::string>("name"), "null"});
}

/// Signals that have not come before; the others are dropped here, whatever has become of the first.
std::set<SignalKey> keep_signals(storage::Transaction& transaction, std::span<const RunEvent> events,
                                 const std::map<core::Id, StoredRun>& runs)
{
    std::vector<std::pair<const StoredRun*, const workflow::Signal*>> come;
    for (const auto& event : events) {
        const auto* signal = event.event ? std::get_if<workflow::SignalReceived>(&*event.event) : nullptr;
        const auto run = runs.find(event.run);
        if (signal && run != runs.end() && !workflow::is_final(run->second.run.status))
            come.emplace_back(&run->second, &signal->signal);
    }
    std::set<SignalKey> fresh;
    if (come.empty()) return fresh;
    const auto of = [&](auto field) {
        return storage::array_of(come, [&](const auto& each) { return std::invoke(field, *each.second); });
    };
    const auto rows = transaction.exec(
        sql::save_signals, storage::array_of(come, [](const auto& each) { return each.first->run.id; }),
        of(&workflow::Signal::id), of(&workflow::Signal::name), of(&workflow::Signal::payload),
        storage::array_of(come, [](const auto& each) { return each.first->now; }));
    for (const auto row : rows)
        fresh.emplace(row.get<core::Id>("run_id"), row.get<std::string>("id"));
    return fresh;
}

/// Of those that were kept: the ones that nobody took in. Whoever sent them has been told so, and may again.
void drop_signals(storage::Transaction& transaction, const std::set<SignalKey>& refused)
{
    if (refused.empty()) return;
    transaction.exec(sql::drop_signals,
                     storage::array_of(refused, [](const SignalKey& key) { return key.first; }),
                     storage::array_of(refused, [](const SignalKey& key) { return key.second; }));
}

storage::IdempotencyKeys claim_keys(storage::Transaction& transaction, std::span<const RunEvent> events,
                                    const std::map<core::Id, StoredRun>& runs)
{
    std::vector<storage::IdempotencyKeys::Use> uses;
    for (const auto& event : events)
        if (const auto run = runs.find(event.run); event.request_key && run != runs.end())
            uses.push_back({&*event.request_key, event.run, run->second.now});
    return storage::IdempotencyKeys(transaction, std::move(uses));
}

RunResult apply(StoredRun& stored, const RunEvent& event, bool session_is_live, std::set<SignalKey>& fresh,
                const TransitRules& rules)
{
    RunResult result;
    if (!event.event) return result;
    if (event.session && (!session_is_live || !is_holder(stored, event))) {
        result.kind = Kind::fenced;
        return result;
    }
    const auto* signal = std::get_if<workflow::SignalReceived>(&*event.event);
    const bool is_kept = signal && !workflow::is_final(stored.run.status);
    if (is_kept && fresh.erase({event.run, signal->signal.id}) == 0) {
        result.kind = Kind::stale;
        return result;
    }
    try {
        Moment moment{stored.now, chance(rules), rules.limits};
        if (event.is_promised) moment.limits.signals = std::numeric_limits<std::size_t>::max();
        const auto outcome = workflow::apply(stored.run, *event.event, moment, stored.effects);
        if (outcome == workflow::Outcome::stale) result.kind = Kind::stale;
    } catch (const core::Error&) {
        if (is_kept) fresh.emplace(event.run, signal->signal.id);
        result.kind = Kind::refused;
        result.error = std::current_exception();
    }
    return result;
}

/// Takes the run's ready steps while there is room.
void claim_ready(StoredRun& stored, const Claimant& claimant, bool may_claim, int streak, RunResult& result)
{
    for (auto& [path, step] : stored.run.steps) {
        if (step.state != StepState::ready) continue;
        auto slot = may_claim && streak <= claimant.max_streak ? claimant.slots->try_take() : nullptr;
        if (!slot) {
            result.leaves_ready = true;
            return;
        }
        workflow::claim(step, stored.now);
        stored.holders[path] = claimant.session;
        result.claims.push_back({stored.run.id, path, step.attempt, claimant.session,
                                 workflow::work_of(stored.run, path), stored.traceparent, streak,
                                 std::move(slot)});
    }
}

RunResult apply_request(StoredRun& stored, const RunEvent& event, bool session_is_live,
                        std::set<SignalKey>& fresh, storage::IdempotencyKeys& keys, const TransitRules& rules)
{
    if (!event.request_key) return apply(stored, event, session_is_live, fresh, rules);
    const auto finding = keys.take(*event.request_key);
    RunResult result;
    if (finding == storage::IdempotencyKeys::Finding::replay) {
        result.kind = Kind::replayed;
    } else if (finding == storage::IdempotencyKeys::Finding::other_request) {
        result.kind = Kind::refused;
        result.error = std::make_exception_ptr(storage::key_of_another_request());
    } else {
        result = apply(stored, event, session_is_live, fresh, rules);
        if (result.kind == Kind::refused) keys.release(*event.request_key);
    }
    return result;
}

std::optional<core::Timestamp> next_due(const workflow::Run& run)
{
    std::optional<core::Timestamp> next;
    for (const auto& [path, step] : run.steps)
        if (step.due_at && (step.state == StepState::scheduled || step.state == StepState::waiting))
            next = std::min(next.value_or(*step.due_at), *step.due_at);
    return next;
}

/// What there is to say of a run once it is stored, with the last of its events.
void tell(StoredRun& stored, RunResult& result)
{
    const auto& run = stored.run;
    result.letters = std::move(stored.letters);
    result.next_due = next_due(run);
    for (auto& entry : stored.effects.history)
        result.told.push_back(std::move(entry.type));
    const bool has_ended = workflow::is_final(run.status) && !workflow::is_final(stored.loaded.status);
    const bool has_queued = run.is_pending && !stored.loaded.is_pending;
    if (stored.is_limited && (has_ended || has_queued)) result.freed = run.definition->name;
    if (run.status != stored.loaded.status)
        result.change = {run.id, run.definition->name, stored.loaded.status,
                         run.error ? run.error->code + ": " + run.error->message : "", stored.traceparent};
}

bool holds(const StoredRun& stored, const Claim& claim)
{
    const auto step = stored.run.steps.find(claim.path);
    const auto holder = stored.holders.find(claim.path);
    return step != stored.run.steps.end() && holder != stored.holders.end() &&
           holder->second == claim.session && step->second.state == StepState::claimed &&
           step->second.attempt == claim.attempt;
}

/// An event that could happen when it was sent before and cannot any more has happened then, and only the
/// answer was lost: whoever sent it goes on with what it has claimed. Its letters are left to the poll, which
/// delivers none that are not there.
void recall(const RunEvent& event, const StoredRun& stored, RunResult& result)
{
    const auto before = event.sendings->last();
    const bool has_happened =
        result.kind == Kind::stale || result.kind == Kind::fenced || result.kind == Kind::replayed;
    if (!before || before->kind != Kind::applied || !has_happened) return;
    if (!std::ranges::all_of(before->claims, [&](const Claim& claim) { return holds(stored, claim); }))
        return;
    result.kind = Kind::applied;
    result.claims.insert(result.claims.begin(), before->claims.begin(), before->claims.end());
    result.told.insert(result.told.begin(), before->told.begin(), before->told.end());
    if (!result.change) result.change = before->change;
    if (!result.freed) result.freed = before->freed;
}

void remember(std::span<const RunEvent> events, const LockedRuns& locked, std::vector<RunResult>& results)
{
    for (std::size_t at = 0; at < events.size(); ++at) {
        const auto run = locked.runs.find(events[at].run);
        if (!events[at].sendings || run == locked.runs.end()) continue;
        if (locked.session_is_live) recall(events[at], run->second, results[at]);
        events[at].sendings->came_to(results[at]);
    }
}

std::vector<core::Id> runs_of(std::span<const RunEvent> events)
{
    std::vector<core::Id> ids;
    for (const auto& event : events)
        ids.push_back(event.run);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

}  // namespace

std::vector<RunResult> transit(storage::Transaction& transaction, DefinitionCatalog& catalog,
                               std::span<const RunEvent> events, const Claimant& claimant,
                               const TransitRules& rules)
{
    auto locked = lock_runs(transaction, catalog, runs_of(events), claimant.session);
    rules.reached(TransitRules::Phase::locked);
    count_signals(transaction, events, locked.runs);
    auto fresh = keep_signals(transaction, events, locked.runs);
    auto keys = claim_keys(transaction, events, locked.runs);
    std::vector<RunResult> results;
    std::vector<core::Id> delivered;
    std::map<core::Id, std::pair<std::size_t, int>> last;
    for (const auto& event : events) {
        const auto run = locked.runs.find(event.run);
        if (run == locked.runs.end()) {
            results.push_back({.kind = Kind::missing});
            continue;
        }
        if (event.is_trial) {
            auto copy = run->second;
            results.push_back(apply(copy, event, locked.session_is_live, fresh, rules));
            continue;
        }
        if (event.letter) delivered.push_back(*event.letter);
        results.push_back(apply_request(run->second, event, locked.session_is_live, fresh, keys, rules));
        last[event.run] = {results.size() - 1, event.streak};
    }
    drop_signals(transaction, fresh);
    const bool may_claim = locked.session_is_live && claimant.slots != nullptr;
    for (const auto& [id, place] : last)
        claim_ready(locked.runs.at(id), claimant, may_claim, place.second + 1, results[place.first]);
    rules.reached(TransitRules::Phase::applied);
    keys.finish();
    save_runs(transaction, locked.runs, delivered);
    rules.reached(TransitRules::Phase::written);
    for (std::size_t at = 0; at < events.size(); ++at)
        if (const auto run = locked.runs.find(events[at].run); run != locked.runs.end())
            results[at].status = run->second.run.status;
    for (const auto& [id, place] : last)
        tell(locked.runs.at(id), results[place.first]);
    remember(events, locked, results);
    return results;
}

}  // namespace lintel::workflows
