#include "simulation/memory_store.hpp"

#include <algorithm>

#include "simulation/dump.hpp"

namespace lintel::workflow::simulation {
namespace {

using core::Error;
using core::ErrorCode;

const core::Id& target_of(const Command& command)
{
    if (const auto* start = std::get_if<StartChild>(&command)) return start->id;
    if (const auto* end = std::get_if<EndChild>(&command)) return end->id;
    return std::get<TellParent>(command).parent.run;
}

bool has_timer(const Run& run, const StepRun& record)
{
    const bool may_fire = record.state == StepState::scheduled || record.state == StepState::waiting;
    return may_fire && !run.is_paused && record.due_at;
}

}  // namespace

MemoryStore::MemoryStore(const Catalog& catalog, const core::Timestamp& clock, Options options)
    : catalog_(catalog), clock_(clock), options_(std::move(options))
{
}

Moment MemoryStore::moment()
{
    return {.now = clock_, .chance = options_.chance(), .limits = options_.limits};
}

void MemoryStore::open_session(SessionId session)
{
    sessions_[session] = clock_ + options_.lease;
}

/// A lease that has run out is over, although nobody may have declared it lost yet: an outcome may have been
/// refused meanwhile, and a session that came back to life would hold that step for ever.
bool MemoryStore::renew(SessionId session)
{
    if (!has_lease(session)) return false;
    sessions_[session] = clock_ + options_.lease;
    return true;
}

bool MemoryStore::has_lease(SessionId session) const
{
    const auto found = sessions_.find(session);
    return found != sessions_.end() && clock_ < found->second;
}

void MemoryStore::close_session(SessionId session)
{
    if (sessions_.erase(session) > 0) release(session, false);
}

std::size_t MemoryStore::expire_sessions()
{
    std::vector<SessionId> lost;
    for (const auto& [session, expires_at] : sessions_)
        if (expires_at <= clock_) lost.push_back(session);
    for (const auto& session : lost) {
        sessions_.erase(session);
        if (options_.defect != Defect::forgotten_claims) release(session, true);
    }
    return lost.size();
}

void MemoryStore::release(SessionId session, bool is_lost)
{
    std::vector<std::pair<core::Id, std::string>> held;
    for (const auto& [step, holder] : claims_)
        if (holder == session) held.push_back(step);
    for (const auto& [run, path] : held) {
        const auto attempt = runs_.at(run).steps.at(path).attempt;
        tell(run, is_lost ? Event{LeaseLost{path, attempt}} : Event{HandedBack{path, attempt}});
    }
}

core::Id MemoryStore::start(const StartRequest& request)
{
    if (!catalog_.contains(request.definition))
        throw Error{ErrorCode::not_found, "there is no definition " + request.definition};
    if (!request.key.empty()) {
        const auto [known, is_new] = keys_.try_emplace({request.definition, request.key}, request.id);
        if (!is_new) return known->second;
    }
    begin_run(request);
    return request.id;
}

void MemoryStore::begin_run(const StartRequest& request)
{
    Run run{.id = request.id, .definition = catalog_.at(request.definition), .name = request.definition};
    run.key = request.key;
    run.input = request.input;
    run.parent = request.parent;
    run.is_pending = request.is_pending;
    run.created_at = clock_;
    if (const auto early = early_signals_.extract({request.definition, request.key}); !early.empty()) {
        run.signals = early.mapped();
        for (const auto& signal : run.signals)
            signals_seen_.emplace(run.id, signal.id);
    }
    const auto before = run;
    Effects effects;
    begin(run, moment(), effects);
    const auto& stored = runs_.emplace(run.id, std::move(run)).first->second;
    options_.on_event({before, stored, nullptr, Outcome::applied, effects, clock_});
    keep(stored.id, effects);
}

std::vector<Claimed> MemoryStore::claim(SessionId session, std::size_t limit)
{
    std::vector<std::pair<Run*, StepRun*>> ready;
    if (!has_lease(session)) return {};
    for (auto& [id, run] : runs_)
        for (auto& [path, record] : run.steps)
            if (record.state == StepState::ready) ready.emplace_back(&run, &record);
    std::ranges::stable_sort(ready, {}, [](const auto& entry) { return entry.second->changed_at; });
    if (ready.size() > limit) ready.resize(limit);
    std::vector<Claimed> claimed;
    for (const auto& [run, record] : ready) {
        workflow::claim(*record, clock_);
        record->is_changed = false;
        claims_[{run->id, record->path}] = session;
        claimed.push_back({run->id, record->path, record->attempt, work_of(*run, record->path)});
        auto* work = std::get_if<Work>(&claimed.back().work);
        if (work != nullptr && options_.defect == Defect::unstable_keys)
            work->idempotency_key += "/" + std::to_string(record->attempt);
    }
    return claimed;
}

Outcome MemoryStore::finish(SessionId session, const core::Id& run, const AttemptEnd& end)
{
    const auto path = std::visit([](const auto& kind) { return kind.path; }, end);
    const auto holder = claims_.find({run, path});
    const bool is_fenced = has_lease(session) && holder != claims_.end() && holder->second == session;
    if (!is_fenced && options_.defect != Defect::no_lease_check) return Outcome::stale;
    auto told = end;
    if (options_.defect == Defect::no_attempt_check)
        std::visit([&](auto& kind) { kind.attempt = runs_.at(run).steps.at(path).attempt; }, told);
    return tell(run, std::visit([](const auto& kind) { return Event{kind}; }, told));
}

std::size_t MemoryStore::fire_timers(std::size_t limit)
{
    const auto ahead = std::chrono::milliseconds{options_.defect == Defect::early_timers ? 500 : 0};
    std::vector<std::pair<core::Id, std::string>> due;
    for (const auto& [id, run] : runs_)
        for (const auto& [path, record] : run.steps)
            if (has_timer(run, record) && *record.due_at <= clock_ + ahead && due.size() < limit)
                due.emplace_back(id, path);
    for (const auto& [id, path] : due)
        tell(id, TimerFired{path});
    return due.size();
}

Outcome MemoryStore::signal(const core::Id& run, const Signal& signal)
{
    if (!runs_.contains(run)) throw Error{ErrorCode::not_found, "there is no such run"};
    if (signals_seen_.contains({run, signal.id}) && options_.defect != Defect::doubled_signals)
        return Outcome::stale;
    const auto outcome = tell(run, SignalReceived{signal});
    signals_seen_.emplace(run, signal.id);
    return outcome;
}

Outcome MemoryStore::signal(const std::string& definition, const std::string& key, const Signal& signal)
{
    const auto known = keys_.find({definition, key});
    if (known != keys_.end()) return this->signal(known->second, signal);
    auto& early = early_signals_[{definition, key}];
    if (std::ranges::find(early, signal.id, &Signal::id) != early.end()) return Outcome::stale;
    early.push_back(signal);
    return Outcome::applied;
}

Outcome MemoryStore::control(const core::Id& run, const Event& event)
{
    if (!runs_.contains(run)) throw Error{ErrorCode::not_found, "there is no such run"};
    return tell(run, event);
}

Outcome MemoryStore::tell(const core::Id& id, const Event& event)
{
    auto& run = runs_.at(id);
    const auto before = run;
    auto now = moment();
    if (options_.defect == Defect::early_timers && std::holds_alternative<TimerFired>(event))
        now.now += std::chrono::milliseconds{500};
    Effects effects;
    const auto outcome = apply(run, event, now, effects);
    options_.on_event({before, run, &event, outcome, effects, clock_});
    keep(id, effects);
    return outcome;
}

/// Writes down what a transition wants beside the run, and who holds nothing any more.
void MemoryStore::keep(const core::Id& id, Effects& effects)
{
    for (auto& [path, record] : runs_.at(id).steps) {
        if (record.is_changed && record.state != StepState::claimed) claims_.erase({id, path});
        record.is_changed = false;
    }
    for (const auto& command : effects.commands)
        post(command);
}

void MemoryStore::post(Command command)
{
    ++last_letter_;
    if (options_.defect == Defect::lost_letters && last_letter_ % 5 == 0) return;
    letters_.emplace(last_letter_, std::move(command));
}

std::vector<std::int64_t> MemoryStore::deliverable() const
{
    std::set<core::Id> targets;
    std::vector<std::int64_t> first;
    for (const auto& [number, command] : letters_)
        if (targets.insert(target_of(command)).second) first.push_back(number);
    return first;
}

void MemoryStore::deliver(std::int64_t letter)
{
    auto node = letters_.extract(letter);
    if (!node.empty()) {
        delivered_.insert(std::move(node));
    } else if (!delivered_.contains(letter)) {
        return;
    }
    // A copy: delivering may write other letters.
    const auto command = delivered_.at(letter);
    std::visit([this](const auto& kind) { deliver_to(kind); }, command);
}

void MemoryStore::deliver_to(const StartChild& start)
{
    if (runs_.contains(start.id)) return;
    if (!catalog_.contains(start.definition)) {
        const StepError error{"not_found", "there is no definition " + start.definition, {}};
        post(TellParent{start.parent, {start.parent.path, start.id, std::nullopt, error}});
        return;
    }
    begin_run({.id = start.id,
               .definition = start.definition,
               .key = {},
               .input = start.input,
               .parent = start.parent});
}

void MemoryStore::deliver_to(const EndChild& end)
{
    if (!runs_.contains(end.id)) return;
    try {
        tell(end.id,
             end.terminates ? Event{Terminate{"ended by its parent"}} : Event{Cancel{"ended by its parent"}});
    } catch (const Error& error) {
        // It has ended already, and said so.
        if (error.code() != ErrorCode::conflict) throw;
    }
}

void MemoryStore::deliver_to(const TellParent& news)
{
    tell(news.parent.run, news.ended);
}

std::optional<core::Timestamp> MemoryStore::next_timer() const
{
    std::optional<core::Timestamp> next;
    for (const auto& [id, run] : runs_)
        for (const auto& [path, record] : run.steps)
            if (has_timer(run, record)) next = next ? std::min(*next, *record.due_at) : *record.due_at;
    return next;
}

std::optional<core::Timestamp> MemoryStore::next_due() const
{
    auto next = next_timer();
    for (const auto& [session, expires_at] : sessions_)
        next = next ? std::min(*next, expires_at) : expires_at;
    return next;
}

nlohmann::json MemoryStore::dump() const
{
    auto all = nlohmann::json::array();
    for (const auto& [id, run] : runs_)
        all.push_back(simulation::dump(run));
    return all;
}

}  // namespace lintel::workflow::simulation
