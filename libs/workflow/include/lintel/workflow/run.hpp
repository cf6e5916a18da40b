#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lintel/core/error.hpp"
#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"
#include "lintel/workflow/definition.hpp"

namespace lintel::workflow {

/// How far a run is; ARCHITECTURE.md has the diagram.
enum class RunStatus {
    /// Started, but not admitted: the limits of its definition are used up.
    pending,
    running,
    /// For a timer, a signal, a child or a dead letter: no step is ready or under way.
    waiting,
    paused,
    completed,
    failed,
    compensating,
    cancelled,
    terminated,
};

/// Nothing happens any more unless somebody asks for a retry or a rerun.
bool is_final(RunStatus status) noexcept;
std::string_view to_string(RunStatus status) noexcept;
std::optional<RunStatus> run_status_from_string(std::string_view text) noexcept;

enum class StepState {
    /// Not begun, but has been before: a rerun or a retry took it back.
    pending,
    /// A worker may claim it.
    ready,
    /// An attempt is under way.
    claimed,
    /// A retry or the end of a sleep, at `due_at`.
    scheduled,
    /// For a signal (until `due_at`, if there is one), a child, or the steps inside it.
    waiting,
    /// Would be ready, scheduled or waiting for a signal, but the run is paused.
    held,
    /// Given up until somebody replays it.
    dead,
    completed,
    skipped,
    failed,
    cancelled,
};

std::string_view to_string(StepState state) noexcept;
std::optional<StepState> step_state_from_string(std::string_view text) noexcept;
/// Completed or skipped: what comes after it may begin.
bool is_settled(StepState state) noexcept;
/// Begun and not at its end.
bool is_live(StepState state) noexcept;

/// Why a step or a run failed.
struct StepError {
    /// As core::to_string(ErrorCode), or a code of the peer's own.
    std::string code;
    std::string message;
    /// The step it came from.
    std::string step;
    /// What the peer found wrong with the request, as far as it is kept.
    std::vector<core::FieldError> errors{};

    bool operator==(const StepError&) const = default;
};

/// A step within a run.
struct StepRun {
    /// The step's name; inside a forEach behind `NAME[INDEX]/`; with `~undo` behind it for its compensation.
    std::string path;
    StepState state = StepState::pending;
    /// Counts claims and is never reset: an outcome of any other attempt is stale.
    std::int64_t attempt = 0;
    /// Attempts that ended in an error, and leases that ran out, since the step began or was replayed.
    std::int64_t failures = 0;
    std::int64_t lease_losses = 0;
    /// Counts the times that the effect was asked for anew on purpose: part of the Idempotency-Key.
    std::int64_t generation = 0;
    /// An attempt may have had its effect although nobody saw the answer.
    bool is_uncertain = false;
    std::optional<core::Timestamp> due_at;
    /// JSON that replaces what the definition would send: a dead letter that was edited.
    std::optional<std::string> input;
    /// JSON. While it waits for the steps inside: the index of the case, or the number of elements.
    std::optional<std::string> output;
    std::optional<StepError> error;
    /// Steps complete in this order, from 1; 0 while not completed.
    std::int64_t completed_as = 0;
    /// The run of a ChildStep.
    std::optional<core::Id> child;
    /// When it became what it is.
    core::Timestamp changed_at{};
    /// Since the run was loaded; for whoever stores it.
    bool is_changed = false;

    bool operator==(const StepRun&) const = default;
};

/// A signal that no step has taken yet.
struct Signal {
    /// The sender's own; a second one of the same id is the same signal.
    std::string id;
    std::string name;
    /// JSON.
    std::string payload;

    bool operator==(const Signal&) const = default;
};

/// The step that waits for this run.
struct Parent {
    core::Id run;
    std::string path;

    bool operator==(const Parent&) const = default;
};

/// What is to become of a run once what is under way has ended and what was done is undone.
enum class Ending { none, failed, cancelled };

std::string_view to_string(Ending ending) noexcept;
std::optional<Ending> ending_from_string(std::string_view text) noexcept;

/// A run of a definition: everything that decides what happens next. A plain value; transition.hpp has what
/// changes it.
struct Run {
    core::Id id;
    std::shared_ptr<const Definition> definition;
    std::string name;
    /// Unique among the runs of a definition; empty: none.
    std::string key;
    RunStatus status = RunStatus::running;
    /// JSON.
    std::string input = "{}";
    std::string attributes = "{}";
    std::optional<std::string> output;
    std::optional<StepError> error;
    std::optional<Parent> parent;
    /// Has not begun, or not begun again; Admit lets it.
    bool is_pending = false;
    bool is_paused = false;
    Ending ending = Ending::none;
    /// The last StepRun::completed_as.
    std::int64_t completions = 0;
    core::Timestamp created_at{};
    /// By path.
    std::map<std::string, StepRun, std::less<>> steps;
    /// In the order they came in.
    std::vector<Signal> signals;

    bool operator==(const Run&) const = default;
};

/// The path of the compensation of the step at `path`.
std::string undo_path(std::string_view path);
bool is_undo(std::string_view path) noexcept;
/// The path of the step that the compensation at `path` undoes; any other path as it is.
std::string_view undone_path(std::string_view path) noexcept;
/// The definition's step behind a path, also behind that of a compensation; nullptr when it has none.
const Step* step_at(const Definition& definition, std::string_view path) noexcept;

}  // namespace lintel::workflow
