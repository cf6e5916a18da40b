#include <algorithm>
#include <cmath>

#include "lintel/workflow/transition.hpp"

namespace lintel::workflow {

bool is_worth_retrying(std::string_view code) noexcept
{
    return code == "rate_limited" || code == "unavailable" || leaves_outcome_unknown(code);
}

bool leaves_outcome_unknown(std::string_view code) noexcept
{
    return code == "deadline_exceeded" || code == "internal";
}

std::chrono::milliseconds retry_delay(const RetryPolicy& policy, std::int64_t failures,
                                      double chance) noexcept
{
    const auto exponent = static_cast<double>(std::max<std::int64_t>(failures, 1) - 1);
    const auto initial = static_cast<double>(policy.initial_interval.count());
    const auto maximum = static_cast<double>(policy.maximum_interval.count());
    // The power may be infinite, which min() takes care of.
    const double full = std::min(initial * std::pow(policy.backoff_coefficient, exponent), maximum);
    const double wait = full * (1 - std::clamp(policy.jitter, 0.0, 1.0) * chance);
    return std::chrono::milliseconds{std::max<std::int64_t>(std::llround(wait), 0)};
}

}  // namespace lintel::workflow
