#include "process.hpp"

#include <algorithm>
#include <cstdlib>
#include <ranges>
#include <thread>

#include "health_routes.hpp"
#include "lintel/core/error.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/telemetry/log.hpp"
#include "periodic.hpp"
#include "process_metrics.hpp"
#include "version.hpp"

namespace lintel::service {
namespace {

using telemetry::log;
using telemetry::LogLevel;

/// Of one attempt to migrate.
constexpr std::chrono::milliseconds kMigrationTurn{10'000};
/// Between attempts, while the database is away or others have yet to migrate it.
constexpr std::chrono::milliseconds kMigrationRetry{500};
/// Kept back from the drain's time, a quarter of it at most, for what comes after the last request: hooks,
/// flush, database.
constexpr std::chrono::milliseconds kStopReserve{3'000};
/// The exit status of a process that could not finish its requests in time.
constexpr int kNotDrained = 1;

std::string down_unless(bool is_well, const char* why)
{
    return is_well ? std::string() : std::string(why);
}

}  // namespace

Process::Process(const ServiceInfo& info, CommonSettings settings, StopSignals& signals)
    : info_(info),
      settings_(std::move(settings)),
      signals_(signals),
      runtime_(settings_.io_threads, settings_.process_limits)
{
    add_process_metrics(metrics_, info_.name, kVersion);
}

Process::~Process()
{
    close_listeners();
}

int Process::serve(const BuildApplication& build)
{
    log(LogLevel::info, "starting", {{"version", kVersion}});
    open_database();
    open_messaging();
    start_ops();
    if (!migrate_when_possible()) return 0;
    application_ = build(*this);
    start_serving();
    health_.set_started();
    log(LogLevel::info, "ready",
        {{"opsPort", ops_->port()}, {"httpPort", rest_ ? rest_->port() : std::uint16_t{0}}});
    signals_.wait();
    signals_.end_at_once();
    stop();
    log(LogLevel::info, "stopped");
    return 0;
}

void Process::every(std::chrono::milliseconds interval, std::string name, PeriodicWork work)
{
    auto periodic =
        std::make_shared<Periodic>(runtime_.executor(), interval, std::move(name), std::move(work));
    periodic->start();
    on_stop([periodic](core::Deadline deadline) { return periodic->stop(deadline); });
}

void Process::start_ops()
{
    health_.add_check("database",
                      [this] { return down_unless(database_->is_available(), "Postgres does not answer"); });
    health_.add_check("nats",
                      [this] { return down_unless(connection_->is_connected(), "no connection to NATS"); });
    health_.add_check("migrations",
                      [this] { return down_unless(is_migrated_, "the schema is not up to date"); });
    http::Router router;
    add_health_routes(router, health_);
    add_metrics_route(router, metrics_);
    ops_.emplace(runtime_, metrics_, std::move(router), settings_.ops);
    ops_->start();
}

bool Process::migrate_when_possible()
{
    // Short patience and many turns: a stop must not have to wait for a database that is away.
    const storage::Migrator migrator(settings_.database.url,
                                     {.name = settings_.database.name, .patience = kMigrationTurn});
    while (true) {
        try {
            if (settings_.migrate) migrator.run(info_.migrations);
            const auto pending = migrator.pending(info_.migrations);
            if (pending.empty()) break;
            log(LogLevel::warn, "waiting for the schema to be brought up to date",
                {{"pending", pending.front()}});
        } catch (const core::Error& error) {
            if (!core::is_retryable(error.code())) throw;
            log(LogLevel::warn, "the schema cannot be brought up to date yet", {{"why", error.what()}});
        }
        if (signals_.wait_for(kMigrationRetry)) return false;
    }
    is_migrated_ = true;
    return true;
}

void Process::open_database()
{
    database_.emplace(runtime_.executor(), metrics_, settings_.database);
}

void Process::open_messaging()
{
    connection_.emplace(runtime_.executor(), metrics_, settings_.nats);
    client_.emplace(*connection_, settings_.client);
    messaging::ServiceInfo self{.name = info_.name,
                                .version = kVersion,
                                .description = info_.description,
                                .metadata = {{"replica", settings_.replica}},
                                .instance_id = {}};
    endpoints_.emplace(*connection_, std::move(self), settings_.endpoints);
}

void Process::start_serving()
{
    // A replica that cannot reach its database would only hold its share of the requests until they time out.
    database_->on_availability_change([this](bool available) {
        log(available ? LogLevel::info : LogLevel::warn, available ? "Postgres is back" : "Postgres is away");
        take_part_or_not();
    });
    if (info_.serves_rest) {
        add_health_routes(routes_, health_);
        if (settings_.metrics_on_rest) add_metrics_route(routes_, metrics_);
        rest_.emplace(runtime_, metrics_, std::move(routes_), settings_.rest);
        rest_->start();
    }
    endpoints_->start();
    take_part_or_not();
}

void Process::take_part_or_not()
{
    // By what is true now, not by what an announcement said: two of them may arrive in either order.
    std::lock_guard lock(taking_part_);
    if (is_draining_) return;
    if (database_->is_available())
        endpoints_->join();
    else
        endpoints_->leave();
}

void Process::stop()
{
    health_.set_draining();
    log(LogLevel::info, "draining");
    std::this_thread::sleep_for(settings_.drain_delay);
    {
        std::lock_guard lock(taking_part_);
        is_draining_ = true;
    }
    const auto deadline = core::Deadline::after(settings_.drain_timeout);
    const auto reserve = std::min(kStopReserve, settings_.drain_timeout / 4);
    for (const auto& hook : drain_hooks_)
        hook();
    const bool drained = drain_requests(core::Deadline(deadline.time() - reserve));
    for (const auto& hook : stop_hooks_ | std::views::reverse)
        core::sync_wait(hook(deadline));
    connection_->close();
    database_->close(deadline);
    if (!drained) {
        // Handlers that still run use the application and everything below it, so that none of it may be
        // destroyed. Nothing is lost: Postgres is the only record.
        log(LogLevel::warn, "stopped with requests under way");
        std::_Exit(kNotDrained);
    }
    close_listeners();
    application_.reset();
}

void Process::close_listeners()
{
    // They answer from what goes next.
    if (rest_) rest_->close();
    if (ops_) ops_->close();
}

bool Process::drain_requests(core::Deadline deadline)
{
    // Both ways in at once: each has the whole time, and neither waits for the other.
    std::atomic<bool> drained = true;
    std::jthread rest([&] {
        if (rest_ && !rest_->drain(deadline)) drained = false;
    });
    if (!core::sync_wait(endpoints_->drain(deadline))) drained = false;
    rest.join();
    return drained;
}

}  // namespace lintel::service
