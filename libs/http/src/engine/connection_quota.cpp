#include "engine/connection_quota.hpp"

#include <algorithm>

namespace lintel::http::engine {

bool ConnectionQuota::try_take(bool reserved) noexcept
{
    if (all_.fetch_add(1) >= limits_.connections) {
        all_.fetch_sub(1);
        return false;
    }
    if (reserved) return true;
    const auto most = limits_.connections - std::min(limits_.connections, limits_.reserved_connections);
    if (ordinary_.fetch_add(1) < most) return true;
    ordinary_.fetch_sub(1);
    all_.fetch_sub(1);
    return false;
}

void ConnectionQuota::give_back(bool reserved) noexcept
{
    if (!reserved) ordinary_.fetch_sub(1);
    all_.fetch_sub(1);
}

}  // namespace lintel::http::engine
