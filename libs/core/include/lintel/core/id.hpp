#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lintel::core {

/// A UUID (RFC 9562). New ones are version 7: ordered by the millisecond they were made in.
class Id {
public:
    /// The nil UUID.
    constexpr Id() noexcept = default;

    /// A new version 7 UUID. Safe to call from any thread; strictly increasing within one thread.
    static Id generate();

    /// A version 5 UUID named `purpose` within `parent`, the same every time: for keys that must survive a
    /// crash.
    static Id derive(const Id& parent, std::string_view purpose);

    /// Any well-formed UUID in its 36-character form, in either case; nothing for anything else.
    static std::optional<Id> parse(std::string_view text) noexcept;

    /// The 36-character form in lower case.
    std::string to_string() const;

    bool is_nil() const noexcept { return bytes_ == std::array<std::uint8_t, 16>{}; }
    const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }

    auto operator<=>(const Id&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace lintel::core

template <>
struct std::hash<lintel::core::Id> {
    std::size_t operator()(const lintel::core::Id& id) const noexcept;
};
