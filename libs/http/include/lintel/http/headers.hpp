#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lintel::http {

/// Header fields in the order they came. Names compare without regard to case (RFC 9110, 5.1).
/// All fields share one piece of memory; views into it last until the next change.
class Headers {
public:
    struct Field {
        std::string_view name;
        std::string_view value;
    };

    void add(std::string_view name, std::string_view value);
    /// Replaces every field of that name.
    void set(std::string_view name, std::string_view value);

    /// The first field of that name.
    std::optional<std::string_view> find(std::string_view name) const noexcept;
    std::size_t count(std::string_view name) const noexcept;
    bool contains(std::string_view name) const noexcept { return count(name) != 0; }

    std::size_t size() const noexcept { return spans_.size(); }
    bool empty() const noexcept { return spans_.empty(); }
    Field operator[](std::size_t index) const noexcept;

    void reserve(std::size_t fields, std::size_t bytes);
    void clear() noexcept;

private:
    struct Span {
        std::uint32_t name;
        std::uint32_t value;
        std::uint32_t end;
    };

    std::string text_;
    std::vector<Span> spans_;
};

/// ASCII letters compare equal in either case; everything else byte by byte.
bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

}  // namespace lintel::http
