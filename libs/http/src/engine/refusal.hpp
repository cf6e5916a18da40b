#pragma once

#include <optional>
#include <string_view>

#include "lintel/telemetry/context.hpp"

namespace lintel::http::engine {

/// Why the engine itself turned a connection or a request away, before any handler saw it.
enum class Refusal {
    malformed,
    headers_too_large,
    body_too_large,
    too_many_connections,
    timed_out,
    out_of_descriptors,
};

inline constexpr Refusal kRefusals[] = {
    Refusal::malformed, Refusal::headers_too_large,  Refusal::body_too_large, Refusal::too_many_connections,
    Refusal::timed_out, Refusal::out_of_descriptors,
};

constexpr std::string_view to_string(Refusal refusal) noexcept
{
    switch (refusal) {
        case Refusal::malformed:
            return "malformed";
        case Refusal::headers_too_large:
            return "headers_too_large";
        case Refusal::body_too_large:
            return "body_too_large";
        case Refusal::too_many_connections:
            return "too_many_connections";
        case Refusal::timed_out:
            return "timed_out";
        case Refusal::out_of_descriptors:
            return "out_of_descriptors";
    }
    return "malformed";
}

/// A refusal as it is told to who counts and logs it.
struct RefusedRequest {
    Refusal refusal;
    /// Empty when it is not known.
    std::string_view peer;
    std::string_view detail;
    /// What the answer shows, if there is one.
    std::optional<telemetry::Trace> trace{};
};

}  // namespace lintel::http::engine
