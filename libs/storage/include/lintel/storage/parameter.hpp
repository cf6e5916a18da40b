#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"

namespace lintel::storage {

template <typename T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

/// One value of a statement, in Postgres's text form; nothing means NULL.
/// Text that holds U+0000 is refused with Error{invalid}: Postgres cannot store it, and the driver would cut
/// it off.
class Parameter {
public:
    Parameter(std::nullopt_t) noexcept {}
    Parameter(std::string text);
    Parameter(std::string_view text) : Parameter(std::string(text)) {}
    Parameter(const char* text) : Parameter(std::string(text)) {}
    template <std::same_as<bool> Bool>
    Parameter(Bool value) : text_(value ? "t" : "f")
    {
    }
    template <Integer Number>
    Parameter(Number value) : text_(std::to_string(value))
    {
    }
    Parameter(double value);
    Parameter(const core::Id& id) : text_(id.to_string()) {}
    Parameter(core::Timestamp time) : text_(core::to_rfc3339(time)) {}
    template <typename T>
    Parameter(const std::optional<T>& value)
    {
        if (value) *this = Parameter(*value);
    }

    /// The value as the driver takes it: nullptr for NULL.
    const char* c_str() const noexcept { return text_ ? text_->c_str() : nullptr; }

private:
    std::optional<std::string> text_;
};

/// Builds a one-dimensional Postgres array literal, element by element: one parameter that carries a column
/// of a whole batch, as in `INSERT ... SELECT * FROM unnest($1::uuid[], $2::text[])`.
class ArrayLiteral {
public:
    void add(std::nullopt_t);
    void add(std::string_view text);
    void add(const char* text) { add(std::string_view(text)); }
    void add(const core::Id& id) { add_bare(id.to_string()); }
    void add(core::Timestamp time) { add_bare(core::to_rfc3339(time)); }
    void add(double value);
    template <std::same_as<bool> Bool>
    void add(Bool value)
    {
        add_bare(value ? "t" : "f");
    }
    template <Integer Number>
    void add(Number value)
    {
        add_bare(std::to_string(value));
    }
    template <typename T>
    void add(const std::optional<T>& value)
    {
        if (value)
            add(*value);
        else
            add(std::nullopt);
    }

    std::string take() &&;

private:
    void add_bare(std::string_view text);

    std::string literal_ = "{";
};

/// The array of `projection(element)` over all elements of `range`: `array_of(items, &Building::name)`.
template <std::ranges::input_range Range, typename Projection = std::identity>
Parameter array_of(const Range& range, Projection projection = {})
{
    ArrayLiteral literal;
    for (const auto& element : range)
        literal.add(std::invoke(projection, element));
    return std::move(literal).take();
}

}  // namespace lintel::storage
