#include "schedule_clock.hpp"

#include <algorithm>

#include "lintel/workflow/wall_clock.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using namespace std::chrono_literals;
using storage::array_of;
using Clock = std::vector<workflow::ClockPeriod>;

/// More than any clock has ever been put forward or back, or been away from UTC.
constexpr auto kLongestJump = 26h;

/// By then a time has come, unless the clock leaves it out.
core::Timestamp horizon(const workflow::Cron& cron, core::Timestamp from)
{
    const auto civil = std::chrono::floor<std::chrono::minutes>(from + kLongestJump).time_since_epoch();
    const auto next = cron.next(workflow::CivilTime(civil));
    return core::Timestamp(next.time_since_epoch() + kLongestJump);
}

/// One of the questions, as far as it has been looked into.
struct Search {
    const TimesAsked* asked = nullptr;
    std::optional<PassedTimes>* answer = nullptr;
    core::Timestamp until{};

    /// False when the next time is further away.
    bool look_at(const Clock& clock) const
    {
        PassedTimes passed;
        auto next = workflow::next_time(asked->cron, clock, asked->known, until);
        for (; next && *next <= asked->now; next = workflow::next_time(asked->cron, clock, *next, until)) {
            passed.newest = *next;
            ++passed.older;
        }
        if (!next) return false;
        passed.next = *next;
        *answer = passed;
        return true;
    }
};

std::vector<Clock> clocks_of(storage::Transaction& transaction, const std::vector<Search>& searches)
{
    const auto since = [](const Search& search) {
        return std::chrono::floor<std::chrono::minutes>(search.asked->known) - kLongestJump;
    };
    std::vector<Clock> clocks(searches.size());
    const auto rows = transaction.exec(
        sql::get_clocks, array_of(searches, [](const Search& search) { return search.asked->zone; }),
        array_of(searches, [&](const Search& search) { return core::Timestamp(since(search)); }),
        array_of(searches, &Search::until));
    for (const auto row : rows)
        clocks[static_cast<std::size_t>(row.get<std::int64_t>("item"))].push_back(
            {row.get<core::Timestamp>("begins_at"), std::chrono::minutes(row.get<std::int64_t>("ahead"))});
    return clocks;
}

}  // namespace

std::vector<std::optional<PassedTimes>> passed_times(storage::Transaction& transaction,
                                                     const std::vector<TimesAsked>& asked)
{
    std::vector<std::optional<PassedTimes>> answers(asked.size());
    std::vector<Search> open;
    for (std::size_t i = 0; i < asked.size(); ++i)
        open.push_back(
            {&asked[i], &answers[i], horizon(asked[i].cron, std::max(asked[i].known, asked[i].now))});
    while (!open.empty()) {
        const auto clocks = clocks_of(transaction, open);
        std::vector<Search> again;
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (clocks[i].empty() || open[i].look_at(clocks[i])) continue;
            open[i].until = horizon(open[i].asked->cron, open[i].until);
            again.push_back(open[i]);
        }
        open = std::move(again);
    }
    return answers;
}

}  // namespace lintel::workflows
