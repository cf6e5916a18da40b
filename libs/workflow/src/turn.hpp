#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lintel/workflow/transition.hpp"

namespace lintel::workflow {

/// One transition under way: the run, what may be known of the world, and what is to be done beside. The
/// members change single steps and say so in the history; what follows from that is the business of
/// progress.hpp and ending.hpp.
struct Turn {
    Run& run;
    const Moment& moment;
    Effects& effects;

    /// nullptr when it has not begun.
    StepRun* find(std::string_view path);
    /// A pending one, when it has not begun.
    StepRun& at(const std::string& path);
    const Step* step_of(const StepRun& record) const { return step_at(*run.definition, record.path); }

    void change(StepRun& record, StepState state);
    /// Ready, or held while the run is paused.
    void make_ready(StepRun& record);
    /// Scheduled for `due_at`, or held while the run is paused.
    void schedule(StepRun& record, core::Timestamp due_at);
    void complete(StepRun& record, std::string output, const nlohmann::json& told = nlohmann::json::object());
    void bury(StepRun& record, StepError error);
    /// And with it the run, unless that is ending already. Where nothing can be undone any more, a dead
    /// letter.
    void fail(StepRun& record, StepError error);
    void cancel(StepRun& record);

    void tell(std::string type, const std::string& step = {},
              const nlohmann::json& data = nlohmann::json::object());

    /// Everything that is not completed or undone will be given up, everything that is will be undone.
    void end_as(Ending ending, StepError error);
    /// Cancels, or terminates, the children that steps wait for.
    void end_children(bool terminates);
    void finish(RunStatus status);
};

nlohmann::json describe(const StepError& error);
nlohmann::json describe(const std::vector<core::FieldError>& errors);
/// Why an ending run ends, as its compensations see it; null for any other.
nlohmann::json describe_failure(const Run& run);
StepError invalid(const std::string& message, const std::string& path);

/// Makes the step as if it had not begun, but for what must never be used twice. `is_new_effect`: its effect
/// is to be had anew, not once more.
void take_back(StepRun& record, bool is_new_effect, core::Timestamp now);

}  // namespace lintel::workflow
