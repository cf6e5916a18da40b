// Generated from contracts/. Do not edit.
#include "registry.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "lintel/contracts/parcels.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::contracts::test {

namespace {

template <auto parse>
std::string round_trip(const nlohmann::json& document)
{
    const auto value = parse(document, UnknownFields::refuse);
    std::string text = to_json(value);
    try {
        const auto again = parse(core::parse_json(text, {.bytes = text.size(), .depth = 64}), UnknownFields::refuse);
        if (!(again == value)) throw std::logic_error("does not come back as it was: " + text);
    } catch (const core::Error& error) {
        throw std::logic_error("does not come back: " + text + ": " + error.what());
    }
    return text;
}

constexpr TypeEntry kTypes[] = {
    {"Part", &round_trip<&parse_part>},
    {"Parcel", &round_trip<&parse_parcel>},
    {"ParcelList", &round_trip<&parse_parcel_list>},
    {"TrackedPart", &round_trip<&parse_tracked_part>},
};

}  // namespace

std::span<const TypeEntry> all_types()
{
    return kTypes;
}

}  // namespace lintel::contracts::test
