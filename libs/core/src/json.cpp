#include "lintel/core/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "lintel/core/error.hpp"

namespace lintel::core {
namespace {

using nlohmann::json;

/// Builds a document and stops at the first thing that Lintel refuses although the grammar allows it.
class StrictBuilder : public nlohmann::json_sax<json> {
public:
    explicit StrictBuilder(std::size_t max_depth) : max_depth_(max_depth) {}

    json take() { return std::move(root_); }
    const std::string& refusal() const { return refusal_; }
    std::vector<FieldError>&& faults() { return std::move(faults_); }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t& text) override
    {
        // The lexer turns an integer that fits neither 64-bit type into a double; its digits would be lost.
        const bool is_integer = text.find_first_of(".eE") == std::string::npos;
        add(value);
        if (is_integer && faults_.size() < kMaxFaults)
            faults_.push_back(
                {pointer(), "the integer " + text.substr(0, 40) + " does not fit into 64 bits"});
        return true;
    }
    bool string(string_t& value) override
    {
        if (value.find('\0') != std::string::npos) return refuse("a string contains U+0000");
        return add(std::move(value));
    }
    bool binary(binary_t&) override { return refuse("binary data is not JSON"); }

    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        if (name.find('\0') != std::string::npos) return refuse("a key contains U+0000");
        const auto [member, is_new] =
            open_.back()->get_ref<json::object_t&>().emplace(std::move(name), nullptr);
        if (!is_new) return refuse("the key '" + member->first.substr(0, 80) + "' is given twice");
        member_ = &member->second;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override
    {
        constexpr int kNumberOverflow = 406;
        return refuse((error.id == kNumberOverflow ? "number too large at byte " : "syntax error at byte ") +
                      std::to_string(position));
    }

private:
    template <typename Value>
    bool add(Value&& value)
    {
        place(json(std::forward<Value>(value)));
        return true;
    }

    json* place(json&& value)
    {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (open_.back()->is_array()) {
            auto& array = open_.back()->get_ref<json::array_t&>();
            return &array.emplace_back(std::move(value));
        }
        *member_ = std::move(value);
        return member_;
    }

    bool open(json&& container)
    {
        if (open_.size() == max_depth_)
            return refuse("nested deeper than " + std::to_string(max_depth_) + " levels");
        open_.push_back(place(std::move(container)));
        return true;
    }

    bool close()
    {
        open_.pop_back();
        return true;
    }

    /// Where the value is that was added last (RFC 6901).
    std::string pointer() const
    {
        std::string text;
        for (std::size_t level = 0; level < open_.size(); ++level) {
            const auto* child = level + 1 < open_.size() ? open_[level + 1] : member_;
            if (open_[level]->is_array())
                append_pointer_step(text, std::to_string(open_[level]->size() - 1));
            else
                append_key(text, *open_[level], child);
        }
        return text;
    }

    static void append_key(std::string& text, const json& object, const json* child)
    {
        constexpr std::size_t kMaxKey = 200;
        const auto& members = object.get_ref<const json::object_t&>();
        const auto found =
            std::ranges::find_if(members, [child](const auto& member) { return &member.second == child; });
        append_pointer_step(text, std::string_view(found->first).substr(0, kMaxKey));
    }

    bool refuse(std::string why)
    {
        if (refusal_.empty()) refusal_ = std::move(why);
        return false;
    }

    /// Finding out where a fault is costs time; nobody reads more of them.
    static constexpr std::size_t kMaxFaults = 16;

    const std::size_t max_depth_;
    std::vector<FieldError> faults_;
    json root_;
    std::vector<json*> open_;
    json* member_ = nullptr;
    std::string refusal_;
};

}  // namespace

json parse_json(std::string_view text, const JsonLimits& limits)
{
    if (text.size() > limits.bytes)
        throw Error(ErrorCode::too_large, "the JSON document has " + std::to_string(text.size()) +
                                              " bytes; at most " + std::to_string(limits.bytes) +
                                              " are taken");
    if (text.empty())
        throw Error(ErrorCode::malformed, "a JSON document is expected, but there is no content");
    StrictBuilder builder(limits.depth);
    if (!json::sax_parse(text, &builder))
        throw Error(ErrorCode::malformed, "the content is not acceptable JSON: " + builder.refusal());
    if (auto faults = builder.faults(); !faults.empty()) {
        const auto detail = "the document is invalid: " + faults.front().detail;
        throw Error(ErrorCode::invalid, detail, std::move(faults));
    }
    return builder.take();
}

std::string dump_json(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<std::int64_t> exact_integer(const json& value) noexcept
{
    if (const auto* natural = value.get_ptr<const json::number_unsigned_t*>()) {
        if (*natural > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return std::nullopt;
        return static_cast<std::int64_t>(*natural);
    }
    if (const auto* integer = value.get_ptr<const json::number_integer_t*>()) return *integer;
    const auto* real = value.get_ptr<const json::number_float_t*>();
    constexpr double kLimit = 9223372036854775808.0;  // 2^63, which a double holds exactly and int64 just not
    if (!real || *real < -kLimit || *real >= kLimit || std::trunc(*real) != *real) return std::nullopt;
    return static_cast<std::int64_t>(*real);
}

void append_pointer_step(std::string& pointer, std::string_view key)
{
    pointer += '/';
    for (const char c : key) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
}

void append_json_string(std::string& out, std::string_view text)
{
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t clean_from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        out.append(text, clean_from, at - clean_from);
        clean_from = at + 1;
        switch (byte) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += "\\u00";
                out += kHex[byte >> 4];
                out += kHex[byte & 0xf];
        }
    }
    out.append(text, clean_from);
    out += '"';
}

}  // namespace lintel::core
