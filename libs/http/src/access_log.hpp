#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "lintel/http/method.hpp"
#include "lintel/http/server.hpp"
#include "lintel/telemetry/context.hpp"

namespace lintel::http {

/// Decides which requests are logged, and logs them. Thread-safe.
class AccessLog {
public:
    explicit AccessLog(const AccessLogOptions& options) noexcept : options_(options) {}

    struct Entry {
        const telemetry::Trace& trace;
        std::string_view method;
        std::string_view route;
        std::string_view path;
        std::string_view peer;
        int status;
        std::chrono::steady_clock::duration duration;
    };
    void write(const Entry& entry) noexcept;

private:
    bool may_log_client_error() noexcept;
    bool is_wanted(const Entry& entry) noexcept;

    const AccessLogOptions options_;
    std::atomic<std::uint32_t> requests_{0};
    std::atomic<std::int64_t> second_{0};
    std::atomic<std::uint32_t> client_errors_{0};
};

}  // namespace lintel::http
