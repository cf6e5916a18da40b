#include "lintel/telemetry/request_log.hpp"

namespace lintel::telemetry {

bool RequestLog::wants(int status, std::chrono::steady_clock::duration duration) noexcept
{
    using Mode = RequestLogOptions::Mode;
    if (status >= 500 || duration >= options_.slow || options_.mode == Mode::all) return true;
    if (status >= 400) return wants_refused();
    if (options_.mode == Mode::errors || options_.sample_every == 0) return false;
    return requests_.fetch_add(1, std::memory_order_relaxed) % options_.sample_every == 0;
}

bool RequestLog::wants_refused() noexcept
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    if (second_.exchange(second, std::memory_order_relaxed) != second)
        client_errors_.store(0, std::memory_order_relaxed);
    return client_errors_.fetch_add(1, std::memory_order_relaxed) < options_.client_errors_per_second;
}

}  // namespace lintel::telemetry
