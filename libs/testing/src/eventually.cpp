#include "lintel/testing/eventually.hpp"

#include <thread>

namespace lintel::testing {

bool eventually(std::chrono::milliseconds patience, const std::function<bool()>& condition)
{
    const auto give_up = std::chrono::steady_clock::now() + patience;
    auto pause = std::chrono::milliseconds(1);
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= give_up) return false;
        std::this_thread::sleep_for(pause);
        if (pause < std::chrono::milliseconds(20)) pause *= 2;
    }
    return true;
}

}  // namespace lintel::testing
