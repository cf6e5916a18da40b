#include "hold_expiry.hpp"

#include "hold_rules.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::inventory {
namespace {

constexpr std::size_t kAtOnce = 100;
constexpr std::chrono::milliseconds kDeadline{5000};

/// What one transaction of a sweep has come to.
struct Round {
    std::size_t expired = 0;
    /// Where the next one goes on; nothing when all that is due has been looked at.
    std::optional<core::Id> last;
};

/// Goes past the holds whose stock somebody else has: they are due again at the next sweep.
Round expire_some(storage::Transaction& transaction, const std::optional<core::Id>& after)
{
    Round round;
    const auto due = lock_due_holds(transaction, after, kAtOnce);
    if (due.size() == kAtOnce) round.last = due.back().id;
    std::set<StockPlace> places;
    for (const auto& hold : due)
        places.merge(places_of(hold));
    auto book = lock_stock(transaction, places, Patience::skips);
    std::vector<contracts::Hold> expired;
    for (auto hold : due) {
        const auto of_hold = places_of(hold);
        const auto is_free = [&](const StockPlace& place) { return book.has(place); };
        if (!std::all_of(of_hold.begin(), of_hold.end(), is_free)) continue;
        expire(hold, book, core::now());
        expired.push_back(std::move(hold));
    }
    save_holds(transaction, expired);
    save_stock(transaction, book);
    round.expired = expired.size();
    return round;
}

}  // namespace

HoldExpiry::HoldExpiry(HoldRepository& holds) : holds_(holds)
{
}

core::Task<void> HoldExpiry::run(telemetry::Context context)
{
    const bool has_due = co_await holds_.has_due(context);
    if (!has_due) co_return;
    std::optional<core::Id> last;
    do {
        const auto body = [last](storage::Transaction& transaction) {
            return expire_some(transaction, last);
        };
        const auto round = co_await holds_.pool().transact(context.at_most(kDeadline), body);
        if (round.expired > 0)
            telemetry::log(telemetry::LogLevel::info, context.trace, "holds have expired",
                           {{"count", round.expired}});
        last = round.last;
    } while (last);
}

}  // namespace lintel::inventory
