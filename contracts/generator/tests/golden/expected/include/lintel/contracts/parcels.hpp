// Generated from contracts/. Do not edit.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "lintel/contracts/parsing.hpp"
#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"

namespace lintel::contracts {

/// A code as text or as a number.
using Code = std::variant<std::string, std::int64_t>;

/// How large a parcel is.
enum class Size {
    small,
    extra_large,
    default_,
};

/// As it is written on the wire.
std::string_view to_string(Size value) noexcept;

/// Nothing when none is written so.
std::optional<Size> size_from_string(std::string_view text) noexcept;

/// What a parcel is made of.
struct Part {
    core::Id id{};

    bool operator==(const Part&) const = default;
};

/// Throws core::Error{invalid} with every fault at once, each with its JSON pointer.
Part parse_part(const nlohmann::json& json, UnknownFields unknown = UnknownFields::refuse);

void append_json(std::string& out, const Part& value);
std::string to_json(const Part& value);

/// Something that is sent. It has one field of each kind.
struct Parcel {
    /// A code as text or as a number.
    Code code{};
    /// How large a parcel is.
    Size size = Size::small;
    double weight = 0.0;
    bool fragile = false;
    std::int64_t copies = 1;
    std::optional<std::vector<std::string>> labels{};
    std::vector<Part> parts{};
    std::optional<std::string> note{};
    std::optional<std::string> extra{};
    std::chrono::milliseconds keep{2592000000};
    std::optional<std::chrono::milliseconds> turn_after{};
    std::optional<std::string> seal{};
    std::string mark = "null";
    /// When it left; null before.
    std::optional<core::Timestamp> sent_at{};

    bool operator==(const Parcel&) const = default;
};

/// Throws core::Error{invalid} with every fault at once, each with its JSON pointer.
Parcel parse_parcel(const nlohmann::json& json, UnknownFields unknown = UnknownFields::refuse);

void append_json(std::string& out, const Parcel& value);
std::string to_json(const Parcel& value);

/// Which parcels are asked for.
struct ParcelList {
    /// How large a parcel is.
    std::optional<Size> size{};
    std::optional<double> heavier_than{};
    std::optional<bool> fragile{};
    std::optional<std::chrono::milliseconds> not_longer_than{};
    /// The text of an object.
    std::optional<std::string> extra{};
    std::optional<std::int64_t> copies{};

    bool operator==(const ParcelList&) const = default;
};

/// Throws core::Error{invalid} with every fault at once, each with its JSON pointer.
ParcelList parse_parcel_list(const nlohmann::json& json, UnknownFields unknown = UnknownFields::refuse);

/// The same from the parameters of a URL's query.
ParcelList parse_parcel_list_query(QueryParameters query);

void append_json(std::string& out, const ParcelList& value);
std::string to_json(const ParcelList& value);

/// A part that is followed.
struct TrackedPart : Part {
    std::optional<std::string> operator_{};

    bool operator==(const TrackedPart&) const = default;
};

/// Throws core::Error{invalid} with every fault at once, each with its JSON pointer.
TrackedPart parse_tracked_part(const nlohmann::json& json, UnknownFields unknown = UnknownFields::refuse);

void append_json(std::string& out, const TrackedPart& value);
std::string to_json(const TrackedPart& value);

}  // namespace lintel::contracts
