#include "schedule_ticks.hpp"

#include <algorithm>

#include "lintel/contracts/schedules.hpp"
#include "lintel/core/error.hpp"
#include "lintel/workflows/sql/queries.hpp"
#include "schedule_clock.hpp"

namespace lintel::workflows {
namespace {

using namespace std::chrono_literals;
using contracts::OverlapPolicy;
using storage::array_of;

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
    std::optional<workflow::Cron> cron;
    std::optional<PassedTimes> passed;
    core::Timestamp now{};
    core::Timestamp next{};
    std::chrono::milliseconds window{};
    OverlapPolicy overlap{};
    bool is_under_way = false;
    bool is_one_waiting = false;
};

/// Nothing when it cannot be read any more.
std::optional<workflow::Cron> read_cron(const storage::Row& row, std::string& why)
{
    try {
        return workflow::Cron::parse(row.get<std::string_view>("cron"));
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
    due.cron = read_cron(row, due.taken.why);
    due.now = row.get<core::Timestamp>("now");
    due.window = std::chrono::milliseconds(row.get<std::int64_t>("catch_up_window"));
    due.overlap = contracts::overlap_policy_from_string(row.get<std::string_view>("overlap"))
                      .value_or(OverlapPolicy::skip);
    due.is_under_way = row.get<bool>("is_under_way");
    due.is_one_waiting = row.get<bool>("is_one_waiting");
    return due;
}

void set_times(storage::Transaction& transaction, std::vector<Due>& all)
{
    std::vector<Due*> readable;
    std::vector<TimesAsked> asked;
    for (auto& due : all) {
        due.next = due.now + kRefusedFor;
        if (!due.cron) continue;
        readable.push_back(&due);
        asked.push_back({*due.cron, due.zone, due.taken.tick, due.now});
    }
    const auto answers = passed_times(transaction, asked);
    for (std::size_t i = 0; i < readable.size(); ++i) {
        auto& due = *readable[i];
        due.passed = answers[i];
        if (!due.passed) {
            due.taken.why = "the database does not know the time zone";
            continue;
        }
        due.next = due.passed->next;
        due.taken.tick = due.passed->newest.value_or(due.taken.tick);
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

std::vector<TakenTick> take_due_ticks(storage::Transaction& transaction, std::size_t limit)
{
    std::vector<Due> all;
    for (const auto row : transaction.exec(sql::find_due_schedules, limit))
        all.push_back(due_of(row));
    if (all.empty()) return {};
    set_times(transaction, all);
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
