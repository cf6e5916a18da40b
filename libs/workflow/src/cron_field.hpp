#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lintel/core/error.hpp"

namespace lintel::workflow {

/// One of the five fields of a cron expression.
struct CronField {
    std::string_view name;
    unsigned first;
    unsigned last;
    /// Three letters each; the n-th is `first` + n.
    std::span<const std::string_view> names;
};

inline constexpr std::array<std::string_view, 12> kMonthNames{"jan", "feb", "mar", "apr", "may", "jun",
                                                              "jul", "aug", "sep", "oct", "nov", "dec"};
inline constexpr std::array<std::string_view, 7> kWeekdayNames{"sun", "mon", "tue", "wed",
                                                               "thu", "fri", "sat"};
inline constexpr CronField kMinuteField{"minute", 0, 59, {}};
inline constexpr CronField kHourField{"hour", 0, 23, {}};
inline constexpr CronField kDayField{"day of the month", 1, 31, {}};
inline constexpr CronField kMonthField{"month", 1, 12, kMonthNames};
inline constexpr CronField kWeekdayField{"day of the week", 0, 7, kWeekdayNames};

/// The five fields, none of them empty. Throws core::Error{invalid} when there are more or fewer.
std::array<std::string_view, 5> split_cron(std::string_view expression);

/// The values of a field as bits. What is wrong is added to `faults`.
std::uint64_t read_cron_field(const CronField& field, std::string_view text,
                              std::vector<core::FieldError>& faults);

}  // namespace lintel::workflow
