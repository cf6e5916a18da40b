#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lintel/contracts/parsing.hpp"
#include "lintel/core/error.hpp"

namespace lintel::main {

/// Reads what another service said, which stands at `place` of a request: only what main looks at, so that
/// the other may say more. Throws core::Error{invalid} with every fault.
template <typename Fact>
Fact parse_fact(const std::string& place, std::string_view text,
                Fact (*parse)(const nlohmann::json&, contracts::UnknownFields))
{
    try {
        // It was checked when it came in, as a part of the request.
        return parse(nlohmann::json::parse(text), contracts::UnknownFields::ignore);
    } catch (const core::Error& error) {
        auto faults = error.fields();
        for (auto& fault : faults)
            fault.pointer.insert(0, place);
        throw core::Error(core::ErrorCode::invalid, place.substr(1) + " is not what it should be",
                          std::move(faults));
    }
}

/// The same for what must be there.
template <typename Fact>
Fact require_fact(const std::string& place, const std::optional<std::string>& text,
                  Fact (*parse)(const nlohmann::json&, contracts::UnknownFields))
{
    if (!text)
        throw core::Error(core::ErrorCode::invalid, place.substr(1) + " is missing",
                          {{place, "is a must for this move"}});
    return parse_fact(place, *text, parse);
}

}  // namespace lintel::main
