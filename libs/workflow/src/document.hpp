#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lintel/core/error.hpp"

namespace lintel::workflow {

using Faults = std::vector<core::FieldError>;

/// Throws Error{invalid} when there are any; a caller who makes more than a hundred mistakes hears about the
/// first.
void throw_if_any(Faults&& faults, std::string_view what);

/// Pointers (RFC 6901) to what stands in what `pointer` leads to.
std::string pointer_to(std::string pointer, std::string_view key);
std::string pointer_to(std::string pointer, std::size_t index);

/// A text of a document as a message shows it: its beginning, in quotes.
std::string in_quotes(std::string_view text);

/// The members of an object. Whoever reads it asks for all members that there can be; what is left is a
/// fault.
class Fields {
public:
    /// A fault, and no members, when `value` is no object.
    Fields(const nlohmann::json& value, std::string pointer, Faults& faults);

    bool is_object() const noexcept { return object_ != nullptr; }
    const std::string& pointer() const noexcept { return pointer_; }
    std::string pointer(std::string_view key) const { return pointer_to(pointer_, key); }

    /// nullptr when it is not there.
    const nlohmann::json* find(std::string_view key);
    /// As find(), and a fault when it is not there.
    const nlohmann::json* require(std::string_view key);

    void fault(std::string detail) const { faults_.push_back({pointer_, std::move(detail)}); }
    void fault(std::string_view key, std::string detail) const
    {
        faults_.push_back({pointer(key), std::move(detail)});
    }

    // Each reads a member that may be absent; a value that does not fit is a fault, and nothing.

    /// A text of which `accepts` is true; `expected` is what a fault says it must be.
    std::optional<std::string> text(std::string_view key, bool (*accepts)(std::string_view),
                                    std::string_view expected);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t minimum, std::int64_t maximum);
    std::optional<double> number(std::string_view key, double minimum, double maximum);
    /// At most ten years.
    std::optional<std::chrono::milliseconds> duration(std::string_view key,
                                                      std::chrono::milliseconds minimum);
    /// The index of the word.
    std::optional<std::size_t> word(std::string_view key, std::initializer_list<std::string_view> words);
    /// nullptr when it is absent or does not fit.
    const nlohmann::json::array_t* array(std::string_view key, std::size_t minimum, std::size_t maximum);

    /// As the above, and a fault when it is absent; then an empty text.
    std::string required_text(std::string_view key, bool (*accepts)(std::string_view),
                              std::string_view expected);

    /// To be called last.
    void refuse_unknown();

private:
    const nlohmann::json::object_t* object_;
    std::string pointer_;
    Faults& faults_;
    std::vector<std::string_view> known_;
};

/// The elements of `value`, or nullptr and a fault when it is no array or has too few or too many.
const nlohmann::json::array_t* elements_of(const nlohmann::json& value, const std::string& pointer,
                                           std::size_t minimum, std::size_t maximum, Faults& faults);

}  // namespace lintel::workflow
