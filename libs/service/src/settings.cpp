#include "lintel/service/settings.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cxxopts.hpp>
#include <optional>

#include "lintel/core/duration.hpp"
#include "lintel/core/error.hpp"

namespace lintel::service {
namespace {

using core::Error;
using core::ErrorCode;

/// HTTP_PORT is --http-port.
std::string flag_of(std::string name)
{
    for (char& c : name)
        c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

[[noreturn]] void refuse(const std::string& what)
{
    throw Error(ErrorCode::invalid, what);
}

std::optional<std::int64_t> to_integer(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::chrono::milliseconds to_duration(std::string_view text)
{
    const auto duration = core::parse_duration(text);
    if (!duration) refuse("a duration such as 250ms, 5s, 10m, 24h or 30d");
    return *duration;
}

std::vector<std::string> split(const std::string& text)
{
    std::vector<std::string> parts;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto part = rest.substr(0, rest.find(','));
        if (!part.empty()) parts.emplace_back(part);
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    }
    return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator)
{
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += separator;
        text += part;
    }
    return text;
}

}  // namespace

void Settings::add(std::string name, std::string& target, std::string meaning)
{
    add_setting(std::move(name), target, std::move(meaning),
                [&target](const std::string& text) { target = text; });
}

void Settings::add(std::string name, bool& target, std::string meaning)
{
    add_word(std::move(name), target ? "on" : "off", {"off", "on"}, std::move(meaning),
             [&target](std::size_t index) { target = index == 1; });
}

void Settings::add(std::string name, std::chrono::milliseconds& target, std::string meaning,
                   std::chrono::milliseconds min)
{
    add_setting(std::move(name), core::to_text(target), std::move(meaning),
                [&target, min](const std::string& text) {
                    const auto duration = to_duration(text);
                    if (duration < min) refuse("at least " + core::to_text(min));
                    target = duration;
                });
}

void Settings::add(std::string name, std::vector<std::string>& target, std::string meaning)
{
    add_setting(std::move(name), join(target, ","), std::move(meaning),
                [&target](const std::string& text) { target = split(text); });
}

void Settings::add_integer(std::string name, std::string default_text, std::string meaning, std::int64_t min,
                           std::uint64_t max, std::function<void(std::int64_t)> set)
{
    const auto top = static_cast<std::int64_t>(
        std::min(max, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())));
    add_setting(std::move(name), std::move(default_text), std::move(meaning),
                [min, top, set = std::move(set)](const std::string& text) {
                    const auto value = to_integer(text);
                    if (!value || *value < min || *value > top)
                        refuse("a whole number from " + std::to_string(min) + " to " + std::to_string(top));
                    set(*value);
                });
}

void Settings::add_word(std::string name, std::string default_text, std::vector<std::string> words,
                        std::string meaning, std::function<void(std::size_t)> set)
{
    meaning += " (" + join(words, "|") + ")";
    add_setting(std::move(name), std::move(default_text), std::move(meaning),
                [words = std::move(words), set = std::move(set)](const std::string& text) {
                    const auto found = std::ranges::find(words, text);
                    if (found == words.end()) refuse("one of " + join(words, ", "));
                    set(static_cast<std::size_t>(found - words.begin()));
                });
}

void Settings::add_setting(std::string name, std::string default_text, std::string meaning,
                           std::function<void(const std::string&)> set)
{
    settings_.push_back({std::move(name), std::move(default_text), std::move(meaning), std::move(set)});
}

void Settings::mark_secret(std::string_view name)
{
    for (auto& setting : settings_) {
        if (setting.name == name) setting.is_secret = true;
    }
}

void Settings::apply(const Setting& setting, std::string_view source, const std::string& text)
{
    try {
        setting.set(text);
    } catch (const Error& error) {
        refuse(std::string(source) + " is '" + (setting.is_secret ? "***" : text) + "'; it must be " +
               error.what());
    }
}

std::vector<std::string> Settings::read(int argc, const char* const* argv,
                                        const std::vector<std::string>& switches)
{
    for (const auto& setting : settings_) {
        const char* value = std::getenv(setting.name.c_str());
        // An empty variable is how compose files and shells spell "not set".
        if (value && *value) apply(setting, setting.name, value);
    }
    cxxopts::Options options("lintel");
    for (const auto& setting : settings_)
        options.add_options()(flag_of(setting.name), "", cxxopts::value<std::string>());
    for (const auto& name : switches)
        options.add_options()(name, "");
    std::vector<std::string> given;
    try {
        const auto flags = options.parse(argc, argv);
        if (!flags.unmatched().empty())
            refuse("'" + flags.unmatched().front() + "' is not understood; --help lists the flags");
        for (const auto& setting : settings_) {
            const auto flag = flag_of(setting.name);
            if (flags.count(flag)) apply(setting, "--" + flag, flags[flag].as<std::string>());
        }
        for (const auto& name : switches) {
            if (flags.count(name)) given.push_back(name);
        }
    } catch (const cxxopts::exceptions::exception& error) {
        refuse(std::string(error.what()) + "; --help lists the flags");
    }
    return given;
}

std::string Settings::help() const
{
    std::string text;
    for (const auto& setting : settings_) {
        text += "  " + setting.name + ", --" + flag_of(setting.name) +
                (setting.default_text.empty() ? "" : " [" + setting.default_text + "]") + "\n      " +
                setting.meaning + "\n";
    }
    return text;
}

}  // namespace lintel::service
