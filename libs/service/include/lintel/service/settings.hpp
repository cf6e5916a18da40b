#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lintel::service {

/// The settings of a process. Each is declared once, bound to the variable it sets; the value that variable
/// has then is the default. They are read from the environment (`HTTP_PORT=8080`) and from flags of the same
/// name
/// (`--http-port 8080`), which win.
///
/// Used by one thread, before any other is started.
class Settings {
public:
    /// The least that is taken for what is done again and again, or for what work is given: it must leave
    /// time for anything else.
    static constexpr std::chrono::milliseconds kShortest{10};

    void add(std::string name, std::string& target, std::string meaning);
    void add(std::string name, bool& target, std::string meaning);
    /// Durations are written `250ms`, `5s`, `10m` or `24h`; at least `min`.
    void add(std::string name, std::chrono::milliseconds& target, std::string meaning,
             std::chrono::milliseconds min = std::chrono::milliseconds(0));
    /// Separated by commas.
    void add(std::string name, std::vector<std::string>& target, std::string meaning);
    /// A whole number from `min` to `max`.
    template <std::integral Integer>
    requires(!std::same_as<Integer, bool>) void add(std::string name, Integer& target, std::string meaning,
                                                    Integer min = std::numeric_limits<Integer>::min(),
                                                    Integer max = std::numeric_limits<Integer>::max())
    {
        add_integer(std::move(name), std::to_string(target), std::move(meaning),
                    static_cast<std::int64_t>(min), static_cast<std::uint64_t>(max),
                    [&target](auto value) { target = static_cast<Integer>(value); });
    }
    /// One of a few words.
    template <typename Choice>
    void add_choice(std::string name, Choice& target, std::vector<std::pair<std::string, Choice>> choices,
                    std::string meaning)
    {
        std::vector<std::string> words;
        std::string present;
        for (const auto& [word, choice] : choices) {
            words.push_back(word);
            if (choice == target) present = word;
        }
        add_word(std::move(name), present, std::move(words), std::move(meaning),
                 [&target, choices](std::size_t index) { target = choices[index].second; });
    }

    /// Its value is never shown in an error.
    void mark_secret(std::string_view name);

    /// What is left on the command line beside settings: `--help`, `--version` and the like, without their
    /// dashes. Throws core::Error{invalid} with one line that names the setting, what it was given and what
    /// it takes.
    std::vector<std::string> read(int argc, const char* const* argv,
                                  const std::vector<std::string>& switches);

    /// Name, default and meaning of every setting.
    std::string help() const;

private:
    struct Setting {
        std::string name;
        std::string default_text;
        std::string meaning;
        /// Throws core::Error whose text says what is accepted.
        std::function<void(const std::string&)> set;
        bool is_secret = false;
    };

    void add_setting(std::string name, std::string default_text, std::string meaning,
                     std::function<void(const std::string&)> set);
    void add_integer(std::string name, std::string default_text, std::string meaning, std::int64_t min,
                     std::uint64_t max, std::function<void(std::int64_t)> set);
    void add_word(std::string name, std::string default_text, std::vector<std::string> words,
                  std::string meaning, std::function<void(std::size_t)> set);
    static void apply(const Setting& setting, std::string_view source, const std::string& text);

    std::vector<Setting> settings_;
};

}  // namespace lintel::service
