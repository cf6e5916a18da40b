// Generated from contracts/. Do not edit.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace lintel::contracts::test {

struct TypeEntry {
    std::string_view name;
    /// Parses, serialises, parses that again, and gives the text. Throws std::logic_error when the two values differ.
    std::string (*round_trip)(const nlohmann::json& document);
};

/// Every generated type.
std::span<const TypeEntry> all_types();

}  // namespace lintel::contracts::test
