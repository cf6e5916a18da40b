#include "reader.hpp"

#include <algorithm>
#include <cmath>

#include "lintel/core/duration.hpp"
#include "lintel/core/json.hpp"

namespace lintel::contracts::detail {

namespace {

using nlohmann::json;

/// How much of the caller's own text is shown in a message or a pointer.
constexpr std::size_t kMaxEcho = 60;
constexpr std::size_t kMaxPointerKey = 200;

std::size_t code_points(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The beginning of a text, cut between code points.
std::string shortened(const std::string& text)
{
    if (text.size() <= kMaxEcho) return text;
    std::size_t end = kMaxEcho;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end) + "…";
}

/// A value as a message shows it.
std::string describe(const json& value)
{
    switch (value.type()) {
        case json::value_t::object:
            return "an object";
        case json::value_t::array:
            return "an array";
        case json::value_t::string:
            return "\"" + shortened(value.get_ref<const std::string&>()) + "\"";
        default:
            return core::dump_json(value);
    }
}

std::string characters(std::size_t count)
{
    return std::to_string(count) + (count == 1 ? " character" : " characters");
}

std::string text_of(double value)
{
    return core::dump_json(json(value));
}

void append_pointer(std::string& out, const Path& path)
{
    if (path.parent == nullptr) return;
    append_pointer(out, *path.parent);
    if (path.index) {
        core::append_pointer_step(out, std::to_string(*path.index));
    } else {
        core::append_pointer_step(out, path.key);
    }
}

bool is_deeper_than(const json& value, std::size_t depth)
{
    if (!value.is_structured()) return false;
    if (depth == 0) return true;
    return std::any_of(value.begin(), value.end(),
                       [depth](const json& child) { return is_deeper_than(child, depth - 1); });
}

bool is_whole(const json& number)
{
    if (number.is_number_integer()) return true;
    const double real = number.get<double>();
    return std::trunc(real) == real;
}

}  // namespace

std::string Path::pointer() const
{
    std::string text;
    append_pointer(text, *this);
    return text;
}

void Faults::add(const Path& path, std::string detail)
{
    if (faults_.size() < kMaxFaults) faults_.push_back({path.pointer(), std::move(detail)});
}

void Faults::throw_if_any(std::string_view type)
{
    if (faults_.empty()) return;
    const auto& first = faults_.front();
    std::string detail = std::string{type} + " is invalid: ";
    if (!first.pointer.empty()) detail += first.pointer + " ";
    detail += first.detail;
    if (faults_.size() > 1) detail += ", and " + std::to_string(faults_.size() - 1) + " more";
    throw core::Error{core::ErrorCode::invalid, detail + ".", std::move(faults_)};
}

void Node::wrong_type(std::string_view expected) const
{
    fault("must be " + std::string{expected} + ", is " + describe(value));
}

Object::Object(const Node& node) : node_(node), members_(node.value.get_ptr<const json::object_t*>())
{
    if (members_ == nullptr) node.wrong_type("an object");
}

const json* Object::find(std::string_view name)
{
    if (members_ == nullptr) return nullptr;
    const auto member = members_->find(name);
    if (member == members_->end()) return nullptr;
    ++found_;
    return &member->second;
}

void Object::at_least(std::size_t count) const
{
    if (members_ == nullptr || members_->size() >= count) return;
    node_.fault("must have at least " + std::to_string(count) + (count == 1 ? " member" : " members"));
}

void Object::missing(std::string_view name) const
{
    node_.faults.add(Path{&node_.path, name, std::nullopt}, "is required");
}

void Object::finish(std::span<const std::string_view> known) const
{
    if (members_ == nullptr || found_ == members_->size() || !node_.faults.refuses_unknown()) return;
    for (const auto& [name, value] : *members_) {
        if (std::find(known.begin(), known.end(), name) == known.end()) report_unknown(name);
    }
}

void Object::report_unknown(const std::string& name) const
{
    if (name.size() > kMaxPointerKey) {
        node_.fault("has an unknown field with a name of " + std::to_string(name.size()) + " bytes");
        return;
    }
    node_.faults.add(Path{&node_.path, name, std::nullopt}, "is not a known field");
}

void read_string(const Node& node, std::string& out, const StringRule& rule)
{
    const auto* text = node.value.get_ptr<const json::string_t*>();
    if (text == nullptr) return node.wrong_type("a string");
    const std::size_t length = code_points(*text);
    if (length == 0 && rule.min_length > 0) return node.fault("must not be empty");
    if (length < rule.min_length) {
        return node.fault("must have at least " + characters(rule.min_length) + ", has " +
                          std::to_string(length));
    }
    if (length > rule.max_length) {
        return node.fault("must have at most " + characters(rule.max_length) + ", has " +
                          std::to_string(length));
    }
    if (!rule.pattern_text.empty() && !matches(*text, rule.pattern)) {
        return node.wrong_type("a string that matches " + std::string{rule.pattern_text});
    }
    out = *text;
}

void read_id(const Node& node, core::Id& out)
{
    const auto* text = node.value.get_ptr<const json::string_t*>();
    const auto id = text == nullptr ? std::nullopt : core::Id::parse(*text);
    if (!id) return node.wrong_type("a UUID");
    out = *id;
}

void read_timestamp(const Node& node, core::Timestamp& out)
{
    const auto* text = node.value.get_ptr<const json::string_t*>();
    const auto time = text == nullptr ? std::nullopt : core::parse_rfc3339(*text);
    if (!time) return node.wrong_type("a time as in RFC 3339");
    out = *time;
}

void read_boolean(const Node& node, bool& out)
{
    const auto* value = node.value.get_ptr<const json::boolean_t*>();
    if (value == nullptr) return node.wrong_type("true or false");
    out = *value;
}

void read_integer(const Node& node, std::int64_t& out, const IntegerRule& rule)
{
    if (!node.value.is_number() || !is_whole(node.value)) return node.wrong_type("an integer");
    const auto exact = core::exact_integer(node.value);
    const bool is_negative = !node.value.is_number_unsigned() && node.value.get<double>() < 0;
    if (rule.clamp_maximum && (exact ? *exact > *rule.clamp_maximum : !is_negative)) {
        out = *rule.clamp_maximum;
        return;
    }
    if (exact ? *exact < rule.minimum : is_negative) {
        return node.wrong_type("at least " + std::to_string(rule.minimum));
    }
    if (!exact || *exact > rule.maximum) return node.wrong_type("at most " + std::to_string(rule.maximum));
    out = *exact;
}

void read_number(const Node& node, double& out, const NumberRule& rule)
{
    if (!node.value.is_number()) return node.wrong_type("a number");
    const double value = node.value.get<double>();
    if (rule.minimum && value < *rule.minimum) return node.wrong_type("at least " + text_of(*rule.minimum));
    if (rule.maximum && value > *rule.maximum) return node.wrong_type("at most " + text_of(*rule.maximum));
    if (rule.exclusive_minimum && value <= *rule.exclusive_minimum) {
        return node.wrong_type("more than " + text_of(*rule.exclusive_minimum));
    }
    if (rule.exclusive_maximum && value >= *rule.exclusive_maximum) {
        return node.wrong_type("less than " + text_of(*rule.exclusive_maximum));
    }
    out = value;
}

void read_string_or_integer(const Node& node, std::variant<std::string, std::int64_t>& out,
                            const StringRule& text, const IntegerRule& integer)
{
    if (node.value.is_string()) return read_string(node, out.emplace<std::string>(), text);
    if (node.value.is_number() && is_whole(node.value)) {
        return read_integer(node, out.emplace<std::int64_t>(), integer);
    }
    node.wrong_type("a string or an integer");
}

void read_free_object(const Node& node, std::string& out, const FreeRule& rule)
{
    if (!node.value.is_object()) return node.wrong_type("an object");
    if (node.value.empty()) {
        out = "{}";
        return;
    }
    read_free_value(node, out, rule);
}

void read_free_value(const Node& node, std::string& out, const FreeRule& rule)
{
    if (is_deeper_than(node.value, rule.max_depth)) {
        return node.fault("must be at most " + std::to_string(rule.max_depth) + " levels deep");
    }
    std::string text = core::dump_json(node.value);
    if (text.size() > rule.max_bytes) {
        return node.fault("must be at most " + std::to_string(rule.max_bytes) + " bytes as JSON, is " +
                          std::to_string(text.size()));
    }
    out = std::move(text);
}

void read_object_text(const Node& node, std::string& out, const ObjectTextRule& rule)
{
    std::string text;
    read_string(node, text, {.max_length = rule.max_length});
    if (text.empty()) return node.wrong_type("the JSON text of an object");
    try {
        const auto object = core::parse_json(text, {.bytes = text.size(), .depth = rule.max_depth});
        if (!object.is_object()) return node.wrong_type("the JSON text of an object");
        out = core::dump_json(object);
    } catch (const core::Error& error) {
        node.fault(std::string{"must be the JSON text of an object: "} + error.what());
    }
}

void read_duration(const Node& node, std::chrono::milliseconds& out)
{
    const auto* text = node.value.get_ptr<const json::string_t*>();
    const auto duration = text == nullptr ? std::nullopt : core::parse_duration(*text);
    if (!duration) return node.wrong_type("a duration such as 250ms, 5s, 10m, 24h or 30d");
    out = *duration;
}

const json::array_t* open_array(const Node& node, const ArrayRule& rule)
{
    const auto* elements = node.value.get_ptr<const json::array_t*>();
    if (elements == nullptr) {
        node.wrong_type("an array");
        return nullptr;
    }
    const std::size_t size = elements->size();
    if (size >= rule.min_items && size <= rule.max_items) return elements;
    const bool is_short = size < rule.min_items;
    node.fault(std::string{"must have at "} + (is_short ? "least " : "most ") +
               std::to_string(is_short ? rule.min_items : rule.max_items) + " elements, has " +
               std::to_string(size));
    return nullptr;
}

}  // namespace lintel::contracts::detail
