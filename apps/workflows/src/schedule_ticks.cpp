#include "schedule_ticks.hpp"

#include <algorithm>

#include "lintel/contracts/schedules.hpp"
#include "lintel/core/error.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using namespace std::chrono_literals;
using contracts::OverlapPolicy;
using storage::array_of;
using workflow::CivilTime;

/// What is no later than this has not been missed, whatever the schedule says: somebody was looking.
constexpr std::chrono::milliseconds kPunctual = 10s;
/// When a schedule that cannot be read any more is looked at again: it may be the database's zones that are
/// older than they were.
constexpr auto kRefusedFor = 1h;

/// A schedule whose time has come.
struct Due {
    core::Id id;
    TakenTick taken;
    std::string zone;
    std::optional<PassedTimes> passed;
    core::Timestamp now{};
    core::Timestamp next{};
    std::chrono::milliseconds window{};
    OverlapPolicy overlap{};
    bool is_under_way = false;
    bool is_one_waiting = false;
};

CivilTime civil(std::int64_t minutes)
{
    return CivilTime(std::chrono::minutes(minutes));
}

std::int64_t minutes_of(CivilTime time)
{
    return time.time_since_epoch().count();
}

/// What the schedule says of its times; nothing when that cannot be read.
std::optional<PassedTimes> read_times(const storage::Row& row, std::string& why)
{
    const auto then = row.get<std::optional<std::int64_t>>("shown_then");
    const auto now = row.get<std::optional<std::int64_t>>("shown_now");
    if (!then || !now) {
        why = "the database does not know the time zone";
        return std::nullopt;
    }
    try {
        const auto cron = workflow::Cron::parse(row.get<std::string_view>("cron"));
        return passed_times(cron, civil(*then), civil(*now));
    } catch (const core::Error& error) {
        why = error.what();
        return std::nullopt;
    }
}

Due due_of(const storage::Row& row)
{
    Due due;
    due.id = row.get<core::Id>("id");
    due.taken.schedule = row.get<std::string>("name");
    due.taken.tick = row.get<core::Timestamp>("next_at");
    due.zone = row.get<std::string>("time_zone");
    due.passed = read_times(row, due.taken.why);
    due.now = row.get<core::Timestamp>("now");
    due.window = std::chrono::milliseconds(row.get<std::int64_t>("catch_up_window"));
    due.overlap = contracts::overlap_policy_from_string(row.get<std::string_view>("overlap"))
                      .value_or(OverlapPolicy::skip);
    due.is_under_way = row.get<bool>("is_under_way");
    due.is_one_waiting = row.get<bool>("is_one_waiting");
    return due;
}

/// The absolute times of the civil ones that cron has found.
void set_instants(storage::Transaction& transaction, std::vector<Due>& all)
{
    std::vector<std::pair<std::int64_t, std::string_view>> asked;
    for (const auto& due : all) {
        if (!due.passed) continue;
        asked.emplace_back(minutes_of(due.passed->next), due.zone);
        if (due.passed->newest) asked.emplace_back(minutes_of(*due.passed->newest), due.zone);
    }
    const auto rows =
        transaction.exec(sql::get_instants, array_of(asked, [](const auto& item) { return item.first; }),
                         array_of(asked, [](const auto& item) { return item.second; }));
    std::size_t at = 0;
    for (auto& due : all) {
        due.next = due.now + kRefusedFor;
        if (!due.passed) continue;
        due.next = rows[at++].get<core::Timestamp>("instant");
        if (due.passed->newest) due.taken.tick = rows[at++].get<core::Timestamp>("instant");
        due.taken.older = due.passed->older;
    }
}

TickOutcome outcome_of(const Due& due)
{
    if (!due.passed) return TickOutcome::refused;
    if (due.now - due.taken.tick > std::max(due.window, kPunctual)) return TickOutcome::missed;
    if (due.overlap == OverlapPolicy::allow) return TickOutcome::owed;
    // Two that wait would be one too many.
    if (due.is_one_waiting) return TickOutcome::skipped;
    if (!due.is_under_way) return TickOutcome::owed;
    return due.overlap == OverlapPolicy::skip ? TickOutcome::skipped : TickOutcome::buffered;
}

}  // namespace

PassedTimes passed_times(const workflow::Cron& cron, CivilTime known, CivilTime now)
{
    PassedTimes passed;
    passed.next = cron.next(known);
    while (passed.next <= now) {
        passed.newest = passed.next;
        ++passed.older;
        passed.next = cron.next(passed.next);
    }
    return passed;
}

std::vector<TakenTick> take_due_ticks(storage::Transaction& transaction, std::size_t limit)
{
    std::vector<Due> all;
    for (const auto row : transaction.exec(sql::find_due_schedules, limit))
        all.push_back(due_of(row));
    if (all.empty()) return {};
    set_instants(transaction, all);
    transaction.exec(sql::move_schedules, array_of(all, &Due::id), array_of(all, &Due::next));

    std::vector<Due> starts;
    std::vector<TakenTick> taken;
    for (auto& due : all) {
        due.taken.outcome = outcome_of(due);
        if (due.taken.outcome == TickOutcome::owed || due.taken.outcome == TickOutcome::buffered) {
            due.taken.run = core::Id::generate();
            starts.push_back(due);
        }
        taken.push_back(std::move(due.taken));
    }
    if (!starts.empty())
        transaction.exec(
            sql::save_schedule_starts, array_of(starts, [](const Due& due) { return due.taken.run; }),
            array_of(starts, &Due::id), array_of(starts, [](const Due& due) { return due.taken.tick; }),
            array_of(starts, [](const Due&) { return false; }),
            array_of(starts, [](const Due& due) { return due.taken.outcome == TickOutcome::buffered; }));
    return taken;
}

}  // namespace lintel::workflows
