#include "housekeeping.hpp"

#include "lintel/storage/idempotency.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

constexpr std::size_t kAtOnce = 500;
constexpr std::chrono::milliseconds kDeadline{5000};

}  // namespace

Housekeeping::Housekeeping(storage::Pool& pool, Options options) : pool_(pool), options_(options)
{
}

core::Task<void> Housekeeping::run(telemetry::Context context)
{
    co_await purge(context, sql::purge_runs, options_.retention);
    co_await purge(context, sql::purge_run_keys, options_.key_ttl);
    co_await purge(context, sql::purge_early_signals, options_.key_ttl);
    co_await storage::purge_idempotency_keys(pool_, std::move(context));
}

core::Task<void> Housekeeping::purge(telemetry::Context context, storage::Query query,
                                     std::chrono::milliseconds age)
{
    std::size_t removed = 0;
    do {
        const auto rows = co_await pool_.execute(context.at_most(kDeadline), query, age.count(), kAtOnce);
        removed = rows.affected();
    } while (removed == kAtOnce);
}

}  // namespace lintel::workflows
