#pragma once

#include <atomic>
#include <cstddef>

#include "lintel/http/limits.hpp"

namespace lintel::http::engine {

/// How many connections the process has, and may have.
class ConnectionQuota {
public:
    explicit ConnectionQuota(const ProcessLimits& limits) noexcept : limits_(limits) {}

    bool try_take(bool reserved) noexcept;
    void give_back(bool reserved) noexcept;

private:
    const ProcessLimits limits_;
    std::atomic<std::size_t> all_{0};
    std::atomic<std::size_t> ordinary_{0};
};

}  // namespace lintel::http::engine
