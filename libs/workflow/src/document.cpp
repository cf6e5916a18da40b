#include "document.hpp"

#include <algorithm>

#include "lintel/core/duration.hpp"
#include "lintel/core/json.hpp"

namespace lintel::workflow {
namespace {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

constexpr std::size_t kMaxFaults = 100;
constexpr std::size_t kMaxEcho = 60;
constexpr std::chrono::milliseconds kMaxDuration = std::chrono::days(3650);

std::string range(std::string_view what, const std::string& minimum, const std::string& maximum)
{
    return "must be " + std::string(what) + " from " + minimum + " to " + maximum;
}

}  // namespace

void throw_if_any(Faults&& faults, std::string_view what)
{
    if (faults.empty()) return;
    const auto more = faults.size() - 1;
    if (faults.size() > kMaxFaults) faults.resize(kMaxFaults);
    const auto& first = faults.front();
    const auto detail = std::string(what) +
                        " is invalid: " + (first.pointer.empty() ? "" : first.pointer + " ") + first.detail +
                        (more > 0 ? ", and " + std::to_string(more) + " more" : "");
    throw Error(ErrorCode::invalid, detail, std::move(faults));
}

std::string pointer_to(std::string pointer, std::string_view key)
{
    core::append_pointer_step(pointer, key);
    return pointer;
}

std::string pointer_to(std::string pointer, std::size_t index)
{
    return pointer_to(std::move(pointer), std::to_string(index));
}

std::string in_quotes(std::string_view text)
{
    const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    std::size_t end = std::min(text.size(), kMaxEcho);
    while (end > 0 && end < text.size() && is_continuation(text[end]))
        --end;
    return "'" + std::string(text.substr(0, end)) + (end < text.size() ? "…'" : "'");
}

Fields::Fields(const json& value, std::string pointer, Faults& faults)
    : object_(value.get_ptr<const json::object_t*>()), pointer_(std::move(pointer)), faults_(faults)
{
    if (!object_) fault("must be an object");
}

const json* Fields::find(std::string_view key)
{
    known_.push_back(key);
    if (!object_) return nullptr;
    const auto found = object_->find(key);
    return found == object_->end() ? nullptr : &found->second;
}

const json* Fields::require(std::string_view key)
{
    const auto* value = find(key);
    if (!value && object_) fault(key, "is missing");
    return value;
}

std::optional<std::string> Fields::text(std::string_view key, bool (*accepts)(std::string_view),
                                        std::string_view expected)
{
    const auto* value = find(key);
    if (!value) return std::nullopt;
    const auto* text = value->get_ptr<const std::string*>();
    if (text && accepts(*text)) return *text;
    fault(key, "must be " + std::string(expected));
    return std::nullopt;
}

std::string Fields::required_text(std::string_view key, bool (*accepts)(std::string_view),
                                  std::string_view expected)
{
    if (!require(key)) return {};
    return text(key, accepts, expected).value_or("");
}

std::optional<std::int64_t> Fields::integer(std::string_view key, std::int64_t minimum, std::int64_t maximum)
{
    const auto* value = find(key);
    if (!value) return std::nullopt;
    const auto integer = core::exact_integer(*value);
    if (integer && *integer >= minimum && *integer <= maximum) return integer;
    fault(key, range("a whole number", std::to_string(minimum), std::to_string(maximum)));
    return std::nullopt;
}

std::optional<double> Fields::number(std::string_view key, double minimum, double maximum)
{
    const auto* value = find(key);
    if (!value) return std::nullopt;
    const double number = value->is_number() ? value->get<double>() : minimum - 1;
    if (number >= minimum && number <= maximum) return number;
    fault(key, range("a number", core::dump_json(minimum), core::dump_json(maximum)));
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> Fields::duration(std::string_view key,
                                                          std::chrono::milliseconds minimum)
{
    const auto* value = find(key);
    if (!value) return std::nullopt;
    const auto* text = value->get_ptr<const std::string*>();
    const auto duration = text ? core::parse_duration(*text) : std::nullopt;
    if (duration && *duration >= minimum && *duration <= kMaxDuration) return duration;
    fault(key, "must be a duration such as 500ms, 5s, 2m, 72h or 30d, from " + core::to_text(minimum) +
                   " to " + core::to_text(kMaxDuration));
    return std::nullopt;
}

std::optional<std::size_t> Fields::word(std::string_view key, std::initializer_list<std::string_view> words)
{
    const auto* value = find(key);
    if (!value) return std::nullopt;
    const auto* text = value->get_ptr<const std::string*>();
    const auto* const found = text ? std::ranges::find(words, *text) : words.end();
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    std::string all;
    for (const auto word : words)
        all += (all.empty() ? "" : ", ") + std::string(word);
    fault(key, "must be one of " + all);
    return std::nullopt;
}

const json::array_t* Fields::array(std::string_view key, std::size_t minimum, std::size_t maximum)
{
    const auto* value = find(key);
    return value ? elements_of(*value, pointer(key), minimum, maximum, faults_) : nullptr;
}

void Fields::refuse_unknown()
{
    if (!object_) return;
    for (const auto& [key, value] : *object_) {
        if (std::ranges::find(known_, key) == known_.end()) fault(key, "is not a field that there is here");
    }
}

const json::array_t* elements_of(const json& value, const std::string& pointer, std::size_t minimum,
                                 std::size_t maximum, Faults& faults)
{
    const auto* elements = value.get_ptr<const json::array_t*>();
    if (elements && elements->size() >= minimum && elements->size() <= maximum) return elements;
    faults.push_back({pointer, "must be an array of " + std::to_string(minimum) + " to " +
                                   std::to_string(maximum) + " elements"});
    return nullptr;
}

}  // namespace lintel::workflow
