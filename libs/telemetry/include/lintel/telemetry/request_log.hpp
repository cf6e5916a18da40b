#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace lintel::telemetry {

/// Which requests are logged, over HTTP and NATS alike. Slow and failed ones are in every mode.
struct RequestLogOptions {
    enum class Mode { errors, sample, all };

    Mode mode = Mode::sample;
    /// With `sample`: one in so many requests.
    std::uint32_t sample_every = 100;
    /// What takes longer is slow.
    std::chrono::milliseconds slow{1'000};
    /// Lines a second about requests that failed by the caller's fault (4xx) or were turned away before
    /// anything was done; a flood of them must not fill a disk.
    std::uint32_t client_errors_per_second = 50;
};

/// Decides for each request whether it is logged. Thread-safe.
class RequestLog {
public:
    explicit RequestLog(const RequestLogOptions& options) noexcept : options_(options) {}

    /// `status` is the HTTP status, or that of the error a NATS request was answered with.
    bool wants(int status, std::chrono::steady_clock::duration duration) noexcept;
    /// For what was turned away, whatever the answer was.
    bool wants_refused() noexcept;

private:
    const RequestLogOptions options_;
    std::atomic<std::uint32_t> requests_{0};
    std::atomic<std::int64_t> second_{0};
    std::atomic<std::uint32_t> client_errors_{0};
};

}  // namespace lintel::telemetry
