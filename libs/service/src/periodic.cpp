#include "periodic.hpp"

#include "lintel/telemetry/log.hpp"

namespace lintel::service {

Periodic::Periodic(core::Executor& executor, std::chrono::milliseconds interval, std::string name,
                   Host::PeriodicWork work)
    : executor_(executor), interval_(interval), name_(std::move(name)), work_(std::move(work))
{
}

void Periodic::start()
{
    schedule();
}

void Periodic::schedule()
{
    std::lock_guard lock(mutex_);
    if (gate_.is_closed()) return;
    timer_ = executor_.call_at(core::Deadline::after(interval_), [self = shared_from_this()] {
        if (auto pass = self->gate_.try_enter()) core::spawn(self->run(std::move(*pass)));
    });
}

core::Task<void> Periodic::run(core::Gate::Pass pass)
{
    const auto self = shared_from_this();
    try {
        co_await work_(telemetry::Context::start(interval_));
    } catch (const std::exception& error) {
        telemetry::log(telemetry::LogLevel::warn, "housekeeping failed",
                       {{"what", name_}, {"why", error.what()}});
    }
    {
        const auto left = std::move(pass);
    }
    schedule();
}

core::Task<void> Periodic::stop(core::Deadline deadline)
{
    {
        std::lock_guard lock(mutex_);
        gate_.close();
        timer_.cancel();
    }
    co_await gate_.drain(executor_, deadline);
}

}  // namespace lintel::service
