#include "lintel/core/time.hpp"

namespace lintel::core {
namespace {

using namespace std::chrono;

void append_digits(std::string& out, unsigned value, int width)
{
    char digits[8];
    for (int i = width - 1; i >= 0; --i) {
        digits[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(digits, static_cast<std::size_t>(width));
}

/// Reads a date-time from left to right; any step that fails leaves `ok` false.
struct Reader {
    std::string_view rest;
    bool ok = true;

    int digits(std::size_t count)
    {
        int value = 0;
        if (rest.size() < count) ok = false;
        for (std::size_t i = 0; ok && i < count; ++i) {
            if (rest[i] < '0' || rest[i] > '9') ok = false;
            value = value * 10 + (rest[i] - '0');
        }
        if (ok) rest.remove_prefix(count);
        return ok ? value : 0;
    }

    char any_of(std::string_view accepted)
    {
        if (!ok || rest.empty() || accepted.find(rest.front()) == std::string_view::npos) {
            ok = false;
            return '\0';
        }
        const char taken = rest.front();
        rest.remove_prefix(1);
        return taken;
    }

    milliseconds fraction()
    {
        if (!ok || rest.empty() || rest.front() != '.') return {};
        rest.remove_prefix(1);
        int value = 0;
        int scale = 100;
        std::size_t count = 0;
        for (; count < rest.size() && rest[count] >= '0' && rest[count] <= '9'; ++count) {
            value += (rest[count] - '0') * scale;
            scale /= 10;
        }
        if (count == 0) ok = false;
        rest.remove_prefix(count);
        return milliseconds(value);
    }

    minutes offset()
    {
        const char sign = any_of("Zz+-");
        if (!ok || sign == 'Z' || sign == 'z') return {};
        const int hour = digits(2);
        any_of(":");
        const int minute = digits(2);
        if (hour > 23 || minute > 59) ok = false;
        const minutes east(hour * 60 + minute);
        return sign == '+' ? east : -east;
    }
};

}  // namespace

Timestamp now() noexcept
{
    return time_point_cast<milliseconds>(system_clock::now());
}

std::string to_rfc3339(Timestamp time)
{
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::string text;
    text.reserve(24);
    append_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.month()), 2);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.day()), 2);
    text += 'T';
    append_digits(text, static_cast<unsigned>(clock.hours().count()), 2);
    text += ':';
    append_digits(text, static_cast<unsigned>(clock.minutes().count()), 2);
    text += ':';
    append_digits(text, static_cast<unsigned>(clock.seconds().count()), 2);
    text += '.';
    append_digits(text, static_cast<unsigned>(clock.subseconds().count()), 3);
    text += 'Z';
    return text;
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) noexcept
{
    Reader reader{text};
    const year y(reader.digits(4));
    reader.any_of("-");
    const month m(static_cast<unsigned>(reader.digits(2)));
    reader.any_of("-");
    const day d(static_cast<unsigned>(reader.digits(2)));
    reader.any_of("Tt ");
    const int hour = reader.digits(2);
    reader.any_of(":");
    const int minute = reader.digits(2);
    reader.any_of(":");
    const int second = reader.digits(2);
    const auto fraction = reader.fraction();
    const auto offset = reader.offset();

    const year_month_day date{y, m, d};
    // A leap second (RFC 3339, 5.7) is taken as the first moment of the next minute.
    if (!reader.ok || !reader.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    const Timestamp time(sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second) +
                         fraction - offset);
    // An offset can lead out of the years that RFC 3339 can write.
    if (time < sys_days(year(0) / 1 / 1) || time >= sys_days(year(10000) / 1 / 1)) return std::nullopt;
    return time;
}

}  // namespace lintel::core
