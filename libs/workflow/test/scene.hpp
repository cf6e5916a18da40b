#pragma once

#include <string>
#include <vector>

#include "lintel/workflow/transition.hpp"

namespace lintel::workflow::test {

using std::chrono::milliseconds;

/// A run under the hands of a test: whoever claims, answers, waits and asks is the test itself.
struct Scene {
    explicit Scene(std::shared_ptr<const Definition> definition, std::string input = "{}");

    /// Nothing happens before this.
    void begin();
    Outcome apply(const Event& event);

    void claim(const std::string& path);
    void succeed(const std::string& path, const std::string& output = "1");
    void fail(const std::string& path, const std::string& code);
    void lose(const std::string& path);
    Outcome signal(const std::string& id, const std::string& name, const std::string& payload = "null");
    Outcome fire(const std::string& path) { return apply(TimerFired{path}); }
    void pass(milliseconds time) { moment.now += time; }

    const StepRun& step(const std::string& path) const;
    /// "absent" when it has not begun.
    std::string state(const std::string& path) const;
    std::string status() const { return std::string(to_string(run.status)); }
    /// Types of the history since the scene began.
    std::vector<std::string> history() const;
    /// All commands of one kind since the scene began.
    template <typename Kind>
    std::vector<Kind> commands() const
    {
        std::vector<Kind> found;
        for (const auto& command : effects.commands)
            if (const auto* kind = std::get_if<Kind>(&command)) found.push_back(*kind);
        return found;
    }

    Run run;
    Moment moment;
    Effects effects;
};

/// The error that `action` throws; fails the test when it throws none.
template <typename Action>
core::ErrorCode error_of(Action action)
{
    try {
        action();
    } catch (const core::Error& error) {
        return error.code();
    }
    throw std::logic_error("nothing was thrown");
}

}  // namespace lintel::workflow::test
