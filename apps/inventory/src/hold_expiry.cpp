#include "hold_expiry.hpp"

#include "hold_rules.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::inventory {
namespace {

constexpr std::size_t kAtOnce = 100;
constexpr std::chrono::milliseconds kDeadline{5000};

/// How many have expired.
std::size_t expire_some(storage::Transaction& transaction)
{
    const auto due = lock_due_holds(transaction, kAtOnce);
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
    return expired.size();
}

}  // namespace

HoldExpiry::HoldExpiry(HoldRepository& holds) : holds_(holds)
{
}

core::Task<void> HoldExpiry::run(telemetry::Context context)
{
    const bool has_due = co_await holds_.has_due(context);
    if (!has_due) co_return;
    std::size_t expired = 0;
    do {
        expired = co_await holds_.pool().transact(context.at_most(kDeadline), expire_some);
        if (expired > 0)
            telemetry::log(telemetry::LogLevel::info, context.trace, "holds have expired",
                           {{"count", expired}});
    } while (expired == kAtOnce);
}

}  // namespace lintel::inventory
