// Generated from contracts/. Do not edit.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "lintel/contracts/parcels.hpp"

namespace lintel::contracts {

/// Sends a parcel.
struct ParcelsSend {
    /// The endpoint's name in the NATS services protocol (ADR-32), which takes no dots.
    static constexpr std::string_view kName = "parcels-send";
    static constexpr std::string_view kSubject = "parcels.send";
    static constexpr std::string_view kQueueGroup = "parcels-service";
    static constexpr std::string_view kService = "parcels";

    using Request = contracts::Parcel;
    using Reply = contracts::Parcel;

    static Request parse_request(const nlohmann::json& json) { return parse_parcel(json); }
    /// Passes over fields it does not know, which a peer of a newer release may send.
    static Reply parse_reply(const nlohmann::json& json)
    {
        return parse_parcel(json, UnknownFields::ignore);
    }
    static std::string to_json(const contracts::Parcel& value) { return contracts::to_json(value); }
};

}  // namespace lintel::contracts
