#include "lintel/telemetry/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <cmath>

#include "lintel/core/json.hpp"
#include "lintel/core/time.hpp"

namespace lintel::telemetry {
namespace {

LogOptions g_options;
/// Empty until init_log: a library under test says nothing.
std::shared_ptr<spdlog::logger> g_logger;

constexpr std::string_view kLevelNames[] = {"debug", "info", "warn", "error"};

template <typename Number>
void append_number(std::string& out, Number number)
{
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

struct ValueAppender {
    std::string& out;
    bool as_json;

    void operator()(std::string_view text) const
    {
        const bool plain =
            !as_json && !text.empty() && text.find_first_of(" \"\\\n\r\t=") == std::string_view::npos;
        if (plain)
            out += text;
        else
            core::append_json_string(out, text);
    }
    void operator()(std::int64_t number) const { append_number(out, number); }
    void operator()(std::uint64_t number) const { append_number(out, number); }
    void operator()(double number) const
    {
        if (std::isfinite(number))
            append_number(out, number);
        else
            out += "null";
    }
    void operator()(bool flag) const { out += flag ? "true" : "false"; }
};

void append_json_field(std::string& line, const LogField& field)
{
    line += ',';
    core::append_json_string(line, field.name);
    line += ':';
    std::visit(ValueAppender{line, true}, field.value);
}

std::string json_line(LogLevel level, const Trace* trace, std::string_view event, LogFields fields)
{
    std::string line = "{\"time\":\"";
    line += core::to_rfc3339(core::now());
    line += "\",\"level\":\"";
    line += kLevelNames[static_cast<std::size_t>(level)];
    line += '"';
    append_json_field(line, {"service", g_options.service});
    append_json_field(line, {"replica", g_options.replica});
    if (trace) append_json_field(line, {"traceId", trace->trace_id()});
    append_json_field(line, {"event", event});
    for (const auto& field : fields)
        append_json_field(line, field);
    line += '}';
    return line;
}

std::string text_line(LogLevel level, const Trace* trace, std::string_view event, LogFields fields)
{
    std::string line = core::to_rfc3339(core::now());
    line += ' ';
    line += kLevelNames[static_cast<std::size_t>(level)];
    line += ' ';
    line += event;
    for (const auto& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        std::visit(ValueAppender{line, false}, field.value);
    }
    if (trace) {
        line += " traceId=";
        line += trace->trace_id();
    }
    return line;
}

void write(LogLevel level, const Trace* trace, std::string_view event, LogFields fields) noexcept
{
    if (!log_enabled(level)) return;
    try {
        const auto line = g_options.format == LogFormat::json ? json_line(level, trace, event, fields)
                                                              : text_line(level, trace, event, fields);
        // The level was checked above; the line is data, never a format string.
        g_logger->log(spdlog::level::critical, spdlog::string_view_t(line.data(), line.size()));
    } catch (...) {
        // A log that cannot be written must not end the work it tells of.
    }
}

}  // namespace

void init_log(const LogOptions& options)
{
    g_options = options;
    g_logger = std::make_shared<spdlog::logger>("lintel", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    g_logger->set_pattern("%v");
}

bool log_enabled(LogLevel level) noexcept
{
    return g_logger && level >= g_options.level;
}

void log(LogLevel level, std::string_view event, LogFields fields) noexcept
{
    write(level, nullptr, event, fields);
}

void log(LogLevel level, const Trace& trace, std::string_view event, LogFields fields) noexcept
{
    write(level, &trace, event, fields);
}

}  // namespace lintel::telemetry
