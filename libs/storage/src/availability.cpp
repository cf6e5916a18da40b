#include "availability.hpp"

#include <algorithm>

#include "lintel/telemetry/log.hpp"

namespace lintel::storage {
namespace {

/// How often an idle watching thread looks whether its connection has ended. That costs no statement.
constexpr std::chrono::seconds kLookInterval{1};
/// For how long working connections outweigh a refused one.
constexpr std::chrono::seconds kTolerance{1};

}  // namespace

Availability::Availability(core::Executor& executor, const PoolOptions& options)
    : executor_(executor), options_(options), backoff_(options.reconnect_backoff)
{
}

void Availability::on_change(std::function<void(bool)> changed)
{
    std::lock_guard lock(mutex_);
    changed_.push_back(std::move(changed));
}

bool Availability::try_claim_attempt()
{
    std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (now < next_attempt_) return false;
    // After a failure one attempt stands for all until its outcome is known.
    if (next_attempt_ != Clock::time_point())
        next_attempt_ = now + options_.connect_timeout + options_.reconnect_backoff_max;
    return true;
}

void Availability::succeeded()
{
    last_success_.store(Clock::now(), std::memory_order_relaxed);
    if (is_available() && !is_backing_off_.load(std::memory_order_relaxed)) return;
    {
        std::lock_guard lock(mutex_);
        backoff_ = options_.reconnect_backoff;
        next_attempt_ = {};
        is_backing_off_.store(false, std::memory_order_relaxed);
    }
    if (available_.exchange(true, std::memory_order_acq_rel)) return;
    telemetry::log(telemetry::LogLevel::info, "database available", {{"pool", options_.name}});
    announce(true);
}

void Availability::attempt_failed(const std::string& reason)
{
    back_off();
    if (Clock::now() - last_success_.load(std::memory_order_relaxed) >= kTolerance) set_unavailable(reason);
}

void Availability::fell_silent()
{
    back_off();
    set_unavailable("a statement was not answered in time");
}

void Availability::back_off()
{
    std::lock_guard lock(mutex_);
    std::uniform_int_distribution<std::chrono::milliseconds::rep> jitter(backoff_.count() / 2,
                                                                         backoff_.count());
    next_attempt_ = Clock::now() + std::chrono::milliseconds(jitter(random_));
    is_backing_off_.store(true, std::memory_order_relaxed);
    backoff_ = std::min(backoff_ * 2, options_.reconnect_backoff_max);
}

void Availability::set_unavailable(const std::string& reason)
{
    const bool was_available = available_.exchange(false, std::memory_order_acq_rel);
    const auto first_line = reason.substr(0, reason.find('\n'));
    {
        std::lock_guard lock(mutex_);
        const bool is_news = was_available || first_line != last_reason_;
        last_reason_ = first_line;
        telemetry::log(is_news ? telemetry::LogLevel::warn : telemetry::LogLevel::debug,
                       "database unavailable", {{"pool", options_.name}, {"reason", first_line}});
    }
    if (was_available) announce(false);
}

Availability::Clock::time_point Availability::next_look() const
{
    std::lock_guard lock(mutex_);
    const auto look = Clock::now() + std::min<Clock::duration>(kLookInterval, options_.probe_interval);
    return next_attempt_ == Clock::time_point() ? look : std::min(look, next_attempt_);
}

bool Availability::is_probe_due() const noexcept
{
    return Clock::now() - last_success_.load(std::memory_order_relaxed) >= options_.probe_interval;
}

void Availability::announce(bool available)
{
    std::vector<std::function<void(bool)>> changed;
    {
        std::lock_guard lock(mutex_);
        changed = changed_;
    }
    for (auto& call : changed)
        executor_.post([call = std::move(call), available] { call(available); });
}

}  // namespace lintel::storage
