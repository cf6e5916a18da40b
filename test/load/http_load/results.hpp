#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lintel::load {

/// What was seen inside the measured window.
class Results {
public:
    void add(int status, std::chrono::nanoseconds latency);
    void add_error(const std::string& kind) { ++errors_[kind]; }

    /// One JSON object. `window` is the measured time, `oldest` the age of the oldest request left
    /// unanswered.
    std::string to_json(std::chrono::nanoseconds window, std::chrono::nanoseconds oldest);

private:
    double percentile_ms(double share) const;

    std::vector<std::uint32_t> latencies_us_;
    std::map<int, std::uint64_t> statuses_;
    std::map<std::string, std::uint64_t> errors_;
};

}  // namespace lintel::load
