#include "cron_field.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace lintel::workflow {
namespace {

using core::Error;
using core::ErrorCode;

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kMacros = "@hourly, @daily, @weekly, @monthly, @yearly";

/// What is wrong with one item of a list.
struct Fault {
    std::string why;
};

std::string quoted(std::string_view text)
{
    return "'" + std::string(text) + "'";
}

std::optional<unsigned> number_of(std::string_view text)
{
    unsigned number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) return std::nullopt;
    return number;
}

std::optional<unsigned> named(const CronField& field, std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto at = std::find(field.names.begin(), field.names.end(), lower);
    if (at == field.names.end()) return std::nullopt;
    return field.first + static_cast<unsigned>(at - field.names.begin());
}

unsigned value_of(const CronField& field, std::string_view text)
{
    if (const auto value = named(field, text)) return *value;
    const auto value = number_of(text);
    if (!value) throw Fault{quoted(text) + " is not a number" + (field.names.empty() ? "" : " or name")};
    if (*value < field.first || *value > field.last)
        throw Fault{quoted(text) + " is not from " + std::to_string(field.first) + " to " +
                    std::to_string(field.last)};
    return *value;
}

struct Range {
    unsigned first;
    unsigned last;
};

Range range_of(const CronField& field, std::string_view text)
{
    if (text == "*") return {field.first, field.last};
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) {
        const auto value = value_of(field, text);
        return {value, value};
    }
    const auto end = text.substr(dash + 1);
    Range range{value_of(field, text.substr(0, dash)), value_of(field, end)};
    // A week that ends on SUN ends on day 7.
    if (field.names.data() == kWeekdayNames.data() && named(field, end) == 0U && range.first > 0)
        range.last = 7;
    if (range.first > range.last) throw Fault{"the range " + quoted(text) + " ends before it begins"};
    return range;
}

unsigned step_of(const CronField& field, std::string_view text)
{
    const auto step = number_of(text);
    const auto most = field.last - field.first + 1;
    if (!step || *step == 0 || *step > most)
        throw Fault{"the step " + quoted(text) + " is not a number from 1 to " + std::to_string(most)};
    return *step;
}

std::uint64_t read_item(const CronField& field, std::string_view item)
{
    const auto slash = item.find('/');
    const auto what = item.substr(0, slash);
    if (slash != std::string_view::npos && what != "*" && what.find('-') == std::string_view::npos)
        throw Fault{"the step in " + quoted(item) + " needs '*' or a range before it"};
    const auto range = range_of(field, what);
    const auto step = slash == std::string_view::npos ? 1 : step_of(field, item.substr(slash + 1));
    std::uint64_t bits = 0;
    for (auto value = range.first; value <= range.last; value += step)
        bits |= std::uint64_t{1} << value;
    return bits;
}

}  // namespace

std::array<std::string_view, 5> split_cron(std::string_view expression)
{
    std::array<std::string_view, 5> fields;
    std::size_t count = 0;
    for (auto begin = expression.find_first_not_of(kBlanks); begin != std::string_view::npos;
         begin = expression.find_first_not_of(kBlanks, begin)) {
        const auto end = std::min(expression.find_first_of(kBlanks, begin), expression.size());
        if (count < fields.size()) fields[count] = expression.substr(begin, end - begin);
        ++count;
        begin = end;
    }
    if (count == fields.size()) return fields;
    throw Error(
        ErrorCode::invalid, "the cron expression is not acceptable",
        {{"", "must be five fields (minute, hour, day of the month, month, day of the week) or one of " +
                  std::string(kMacros) + "; has " + std::to_string(count)}});
}

std::uint64_t read_cron_field(const CronField& field, std::string_view text,
                              std::vector<core::FieldError>& faults)
{
    std::uint64_t bits = 0;
    try {
        for (std::size_t begin = 0; begin <= text.size();) {
            const auto end = std::min(text.find(',', begin), text.size());
            bits |= read_item(field, text.substr(begin, end - begin));
            begin = end + 1;
        }
    } catch (const Fault& fault) {
        faults.push_back({"", std::string(field.name) + ": " + fault.why});
    }
    return bits;
}

}  // namespace lintel::workflow
