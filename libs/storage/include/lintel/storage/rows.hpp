#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"

namespace lintel::storage {

struct ResultData;

namespace detail {
template <typename T>
inline constexpr bool is_optional = false;
template <typename T>
inline constexpr bool is_optional<std::optional<T>> = true;
}  // namespace detail

/// One row of Rows, which must outlive it and every string_view taken from it.
///
/// `get<T>` reads a column by its index or, a little slower, by its name; T is std::string_view, std::string,
/// bool, std::int32_t, std::int64_t, double, core::Id, core::Timestamp (timestamptz, to the millisecond) or
/// an std::optional of these. NULL for a T that is not optional, a value that is no T and an unknown column
/// are defects of the program: Error{internal}, naming query and column.
class Row {
public:
    template <typename T>
    T get(std::size_t column) const
    {
        const auto text = raw(column);
        if constexpr (detail::is_optional<T>) {
            if (!text) return std::nullopt;
            return decode<typename T::value_type>(column, *text);
        } else {
            if (!text) refuse(column, "is NULL");
            return decode<T>(column, *text);
        }
    }
    template <typename T>
    T get(std::string_view column) const
    {
        return get<T>(index_of(column));
    }

    /// The value as Postgres wrote it; nothing for NULL.
    std::optional<std::string_view> raw(std::size_t column) const;

private:
    friend class Rows;
    Row(const ResultData& result, std::size_t row) noexcept : result_(&result), row_(row) {}

    template <typename T>
    T decode(std::size_t column, std::string_view text) const
    {
        T value{};
        if (!parse(text, value)) refuse(column, "has another type");
        return value;
    }
    static bool parse(std::string_view text, std::string_view& value) noexcept;
    static bool parse(std::string_view text, std::string& value);
    static bool parse(std::string_view text, bool& value) noexcept;
    static bool parse(std::string_view text, std::int32_t& value) noexcept;
    static bool parse(std::string_view text, std::int64_t& value) noexcept;
    static bool parse(std::string_view text, double& value) noexcept;
    static bool parse(std::string_view text, core::Id& value) noexcept;
    static bool parse(std::string_view text, core::Timestamp& value) noexcept;

    std::size_t index_of(std::string_view column) const;
    [[noreturn]] void refuse(std::size_t column, const char* reason) const;

    const ResultData* result_;
    std::size_t row_;
};

/// What a statement returned. Cheap to copy; may be handed to another thread.
class Rows {
public:
    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Row;
        using difference_type = std::ptrdiff_t;
        using pointer = const Row*;
        using reference = Row;

        Iterator(const Rows& rows, std::size_t at) noexcept : rows_(&rows), at_(at) {}
        Row operator*() const { return (*rows_)[at_]; }
        Iterator& operator++() noexcept
        {
            ++at_;
            return *this;
        }
        bool operator==(const Iterator&) const noexcept = default;

    private:
        const Rows* rows_;
        std::size_t at_;
    };

    explicit Rows(std::shared_ptr<const ResultData> result) noexcept : result_(std::move(result)) {}

    std::size_t size() const noexcept;
    bool empty() const noexcept { return size() == 0; }
    Row operator[](std::size_t row) const noexcept { return Row(*result_, row); }
    Iterator begin() const noexcept { return Iterator(*this, 0); }
    Iterator end() const noexcept { return Iterator(*this, size()); }

    /// The only row; Error{internal} when there are none or more.
    Row one() const;

    /// How many rows an INSERT, UPDATE or DELETE touched.
    std::size_t affected() const noexcept;

    /// For loops over many rows: look a column's index up once. Error{internal} when there is no such column.
    std::size_t column(std::string_view name) const;

private:
    std::shared_ptr<const ResultData> result_;
};

}  // namespace lintel::storage
