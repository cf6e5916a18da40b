#include "access_log.hpp"

#include "lintel/telemetry/log.hpp"

namespace lintel::http {

void AccessLog::write(const Entry& entry) noexcept
{
    if (!is_wanted(entry)) return;
    const auto level = entry.status >= 500 ? telemetry::LogLevel::warn : telemetry::LogLevel::info;
    telemetry::log(level, entry.trace, "request",
                   {{"method", entry.method},
                    {"route", entry.route},
                    {"path", entry.path},
                    {"status", entry.status},
                    {"durationMs", std::chrono::duration<double, std::milli>(entry.duration).count()},
                    {"peer", entry.peer}});
}

bool AccessLog::is_wanted(const Entry& entry) noexcept
{
    using Mode = AccessLogOptions::Mode;
    if (entry.status >= 500 || entry.duration >= options_.slow || options_.mode == Mode::all) return true;
    if (entry.status >= 400) return may_log_client_error();
    if (options_.mode == Mode::errors || options_.sample_every == 0) return false;
    return requests_.fetch_add(1, std::memory_order_relaxed) % options_.sample_every == 0;
}

bool AccessLog::may_log_client_error() noexcept
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    if (second_.exchange(second, std::memory_order_relaxed) != second)
        client_errors_.store(0, std::memory_order_relaxed);
    return client_errors_.fetch_add(1, std::memory_order_relaxed) < options_.client_errors_per_second;
}

}  // namespace lintel::http
