#include "lintel/storage/rows.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "lintel/core/error.hpp"
#include "result_data.hpp"

namespace lintel::storage {
namespace {

using core::Error;
using core::ErrorCode;

template <typename Number>
bool parse_number(std::string_view text, Number& value) noexcept
{
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end;
}

/// Reads digits and separators one after the other; stays failed once something did not fit.
class Scanner {
public:
    explicit Scanner(std::string_view text) noexcept : text_(text) {}

    int digits(std::size_t count) noexcept
    {
        int value = 0;
        if (!parse_number(text_.substr(0, count), value) || text_.size() < count || value < 0) ok_ = false;
        text_.remove_prefix(std::min(count, text_.size()));
        return value;
    }
    bool skip(char expected) noexcept
    {
        if (text_.empty() || text_.front() != expected) return false;
        text_.remove_prefix(1);
        return true;
    }
    void expect(char expected) noexcept { ok_ = skip(expected) && ok_; }

    int milliseconds() noexcept
    {
        int value = 0;
        int scale = 100;
        for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; text_.remove_prefix(1)) {
            value += (text_.front() - '0') * scale;
            scale /= 10;
        }
        return value;
    }
    bool at_end() const noexcept { return ok_ && text_.empty(); }

private:
    std::string_view text_;
    bool ok_ = true;
};

std::size_t find_column(const ResultData& result, std::string_view name)
{
    const auto found = std::find(result.columns.begin(), result.columns.end(), name);
    if (found == result.columns.end())
        throw Error(ErrorCode::internal,
                    "query " + std::string(result.query) + " returns no column " + std::string(name));
    return static_cast<std::size_t>(found - result.columns.begin());
}

}  // namespace

ResultData::ResultData(pqxx::result rows, const char* query_name) : result(std::move(rows)), query(query_name)
{
    columns.reserve(result.columns());
    for (pqxx::row::size_type column = 0; column < result.columns(); ++column)
        columns.emplace_back(result.column_name(column));
}

std::optional<std::string_view> Row::raw(std::size_t column) const
{
    if (column >= result_->columns.size()) refuse(column, "does not exist");
    const auto field =
        result_
            ->result[static_cast<pqxx::result::size_type>(row_)][static_cast<pqxx::row::size_type>(column)];
    if (field.is_null()) return std::nullopt;
    return std::string_view(field.c_str(), field.size());
}

bool Row::parse(std::string_view text, std::string_view& value) noexcept
{
    value = text;
    return true;
}

bool Row::parse(std::string_view text, std::string& value)
{
    value.assign(text);
    return true;
}

bool Row::parse(std::string_view text, bool& value) noexcept
{
    value = text == "t";
    return value || text == "f";
}

bool Row::parse(std::string_view text, std::int32_t& value) noexcept
{
    return parse_number(text, value);
}

bool Row::parse(std::string_view text, std::int64_t& value) noexcept
{
    return parse_number(text, value);
}

bool Row::parse(std::string_view text, double& value) noexcept
{
    return parse_number(text, value);
}

bool Row::parse(std::string_view text, core::Id& value) noexcept
{
    const auto id = core::Id::parse(text);
    if (id) value = *id;
    return id.has_value();
}

bool Row::parse(std::string_view text, core::Timestamp& value) noexcept
{
    // Every session runs with DateStyle ISO and TimeZone UTC: 2026-11-20 08:30:00.123456+00
    Scanner scan(text);
    const int year = scan.digits(4);
    scan.expect('-');
    const int month = scan.digits(2);
    scan.expect('-');
    const int day = scan.digits(2);
    scan.expect(' ');
    const int hour = scan.digits(2);
    scan.expect(':');
    const int minute = scan.digits(2);
    scan.expect(':');
    const int second = scan.digits(2);
    const int milliseconds = scan.skip('.') ? scan.milliseconds() : 0;
    scan.expect('+');
    scan.expect('0');
    scan.expect('0');
    if (!scan.at_end()) return false;
    using namespace std::chrono;
    const year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day)));
    value = sys_days(date) + hours(hour) + minutes(minute) + seconds(second) +
            std::chrono::milliseconds(milliseconds);
    return date.ok();
}

std::size_t Row::index_of(std::string_view column) const
{
    return find_column(*result_, column);
}

void Row::refuse(std::size_t column, const char* reason) const
{
    const auto& columns = result_->columns;
    const auto name = column < columns.size() ? columns[column] : std::to_string(column);
    throw Error(ErrorCode::internal,
                "query " + std::string(result_->query) + ": column " + name + ' ' + reason);
}

std::size_t Rows::size() const noexcept
{
    return result_->result.size();
}

Row Rows::one() const
{
    if (size() != 1)
        throw Error(ErrorCode::internal, "query " + std::string(result_->query) + " returned " +
                                             std::to_string(size()) + " rows in place of one");
    return (*this)[0];
}

std::size_t Rows::affected() const noexcept
{
    return result_->result.affected_rows();
}

std::size_t Rows::column(std::string_view name) const
{
    return find_column(*result_, name);
}

}  // namespace lintel::storage
