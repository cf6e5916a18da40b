#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "lintel/telemetry/context.hpp"

namespace lintel::telemetry {

enum class LogLevel { debug, info, warn, error, off };
enum class LogFormat { json, text };

struct LogOptions {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::json;
    std::string service;
    std::string replica;
};

/// Sets up the process's log, one line an event on stderr. Call once, before the first thread starts; until
/// then nothing is logged.
void init_log(const LogOptions& options);

/// A named value of an event. Strings are escaped, so any bytes may be logged; never pass a secret.
struct LogField {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

    LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
    LogField(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
    LogField(std::string_view field, const std::string& text) : name(field), value(std::string_view(text)) {}
    LogField(std::string_view field, bool flag) : name(field), value(flag) {}
    LogField(std::string_view field, double number) : name(field), value(number) {}
    template <std::integral Integer>
    requires(!std::same_as<Integer, bool>) LogField(std::string_view field, Integer number) : name(field)
    {
        if constexpr (std::is_signed_v<Integer>)
            value = static_cast<std::int64_t>(number);
        else
            value = static_cast<std::uint64_t>(number);
    }
};
using LogFields = std::initializer_list<LogField>;

bool log_enabled(LogLevel level) noexcept;

/// Writes one event. `event` says what happened in a few constant words; whatever varies goes into `fields`.
/// Thread-safe, never throws; a level below the configured one costs a comparison.
void log(LogLevel level, std::string_view event, LogFields fields = {}) noexcept;
void log(LogLevel level, const Trace& trace, std::string_view event, LogFields fields = {}) noexcept;

}  // namespace lintel::telemetry
