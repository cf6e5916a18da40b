#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lintel::messaging {

/// NATS headers in the order they are sent (ADR-4).
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of `name`, or nullptr. Names are compared without regard to case: ADR-4 makes them
/// case-sensitive, but clients that canonicalise `traceparent` to `Traceparent` mean the same header.
const std::string* find_header(const Headers& headers, std::string_view name) noexcept;

/// What arrived, or what is to be sent.
struct Message {
    std::string subject;
    std::string payload;
    Headers headers;
};

}  // namespace lintel::messaging
