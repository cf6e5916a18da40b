#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "lintel/contracts/parsing.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"
#include "pattern.hpp"

/// What the generated parsers are made of. A parser walks the document once, records every fault it meets and
/// goes on; paths live on the stack and become text only when there is a fault.
namespace lintel::contracts::detail {

/// Where a value stands in its document. Each step refers to the one before it, which outlives it on the
/// stack.
struct Path {
    const Path* parent = nullptr;
    std::string_view key{};
    std::optional<std::size_t> index{};

    /// RFC 6901.
    std::string pointer() const;
};

class Faults {
public:
    /// A caller who makes more mistakes than this hears about the first ones.
    static constexpr std::size_t kMaxFaults = 100;

    explicit Faults(UnknownFields unknown) noexcept : unknown_(unknown) {}

    void add(const Path& path, std::string detail);
    bool refuses_unknown() const noexcept { return unknown_ == UnknownFields::refuse; }

    /// Throws Error{invalid} with every fault that has been added.
    void throw_if_any(std::string_view type);

private:
    UnknownFields unknown_;
    std::vector<core::FieldError> faults_;
};

/// A value of the document that is being read.
struct Node {
    const nlohmann::json& value;
    const Path& path;
    Faults& faults;

    void fault(std::string detail) const { faults.add(path, std::move(detail)); }
    /// "must be a string, is 17"
    void wrong_type(std::string_view expected) const;
};

/// The members of an object, each asked for once.
class Object {
public:
    /// A fault, and no members, when the node is no object.
    explicit Object(const Node& node);

    template <class Read>
    void required(std::string_view name, Read&& read)
    {
        if (!optional(name, std::forward<Read>(read)) && members_ != nullptr) missing(name);
    }

    template <class Read>
    bool optional(std::string_view name, Read&& read)
    {
        const nlohmann::json* value = find(name);
        if (value == nullptr) return false;
        const Path path{&node_.path, name, std::nullopt};
        read(Node{*value, path, node_.faults});
        return true;
    }

    /// A fault when the object has fewer members than `count`, whatever they are.
    void at_least(std::size_t count) const;

    /// To be called after the last member, with the names of all that there can be.
    void finish(std::span<const std::string_view> known) const;

private:
    const nlohmann::json* find(std::string_view name);
    void missing(std::string_view name) const;
    void report_unknown(const std::string& name) const;

    const Node& node_;
    const nlohmann::json::object_t* members_;
    std::size_t found_ = 0;
};

struct StringRule {
    /// In code points, as JSON Schema counts.
    std::size_t min_length = 0;
    std::size_t max_length = std::numeric_limits<std::size_t>::max();
    std::span<const PatternAtom> pattern{};
    std::string_view pattern_text{};
};

struct IntegerRule {
    std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
    /// What is more becomes this.
    std::optional<std::int64_t> clamp_maximum{};
};

struct NumberRule {
    std::optional<double> minimum{};
    std::optional<double> maximum{};
    std::optional<double> exclusive_minimum{};
    std::optional<double> exclusive_maximum{};
};

struct ArrayRule {
    std::size_t min_items = 0;
    std::size_t max_items = 0;
};

struct FreeRule {
    std::size_t max_bytes = 0;
    std::size_t max_depth = 0;
};

struct ObjectTextRule {
    /// In code points.
    std::size_t max_length = 0;
    std::size_t max_depth = 0;
};

void read_string(const Node& node, std::string& out, const StringRule& rule);
void read_id(const Node& node, core::Id& out);
void read_timestamp(const Node& node, core::Timestamp& out);
void read_boolean(const Node& node, bool& out);
/// Takes 1.0 as 1, as JSON Schema does.
void read_integer(const Node& node, std::int64_t& out, const IntegerRule& rule);
void read_number(const Node& node, double& out, const NumberRule& rule);
void read_string_or_integer(const Node& node, std::variant<std::string, std::int64_t>& out,
                            const StringRule& text, const IntegerRule& integer);
/// An object of any content, kept as compact JSON text.
void read_free_object(const Node& node, std::string& out, const FreeRule& rule);
/// Any JSON value, kept as compact JSON text.
void read_free_value(const Node& node, std::string& out, const FreeRule& rule);
/// A string with the JSON text of an object, which is kept compact.
void read_object_text(const Node& node, std::string& out, const ObjectTextRule& rule);
/// `250ms`, `5s`, `10m`, `24h` or `30d`.
void read_duration(const Node& node, std::chrono::milliseconds& out);

/// `allowed` is the list for the message.
template <class Enum>
void read_enum(const Node& node, Enum& out, std::optional<Enum> (*from_string)(std::string_view) noexcept,
               std::string_view allowed)
{
    const auto* text = node.value.get_ptr<const nlohmann::json::string_t*>();
    const std::optional<Enum> value = text == nullptr ? std::nullopt : from_string(*text);
    if (value) {
        out = *value;
    } else {
        node.wrong_type("one of " + std::string{allowed});
    }
}

/// The array's elements, or null and a fault when it is none or has too few or too many.
const nlohmann::json::array_t* open_array(const Node& node, const ArrayRule& rule);

template <class T, class Read>
void read_array(const Node& node, std::vector<T>& out, const ArrayRule& rule, Read&& read)
{
    const auto* elements = open_array(node, rule);
    if (elements == nullptr) return;
    out.reserve(elements->size());
    for (std::size_t i = 0; i < elements->size(); ++i) {
        const Path path{&node.path, {}, i};
        read(Node{(*elements)[i], path, node.faults}, out.emplace_back());
    }
}

/// Reads a whole document as a T by its generated `read`, and throws all faults as one error.
template <class T>
T parse(const nlohmann::json& document, UnknownFields unknown, std::string_view type)
{
    Faults faults{unknown};
    const Path root{};
    T result;
    read(Node{document, root, faults}, result);
    faults.throw_if_any(type);
    return result;
}

}  // namespace lintel::contracts::detail
