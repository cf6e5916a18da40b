#include "lintel/workflow/run.hpp"

#include <algorithm>
#include <array>

namespace lintel::workflow {
namespace {

constexpr std::string_view kUndo = "~undo";

constexpr std::array<std::string_view, 9> kRunStatuses{"pending",      "running",   "waiting",
                                                       "paused",       "completed", "failed",
                                                       "compensating", "cancelled", "terminated"};
constexpr std::array<std::string_view, 11> kStepStates{"pending", "ready",  "claimed",  "scheduled",
                                                       "waiting", "held",   "dead",     "completed",
                                                       "skipped", "failed", "cancelled"};
constexpr std::array<std::string_view, 3> kEndings{"none", "failed", "cancelled"};

template <typename Enum, std::size_t count>
std::optional<Enum> find_in(const std::array<std::string_view, count>& names, std::string_view text) noexcept
{
    const auto* found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

}  // namespace

bool is_final(RunStatus status) noexcept
{
    return status == RunStatus::completed || status == RunStatus::failed || status == RunStatus::cancelled ||
           status == RunStatus::terminated;
}

std::string_view to_string(RunStatus status) noexcept
{
    return kRunStatuses[static_cast<std::size_t>(status)];
}

std::optional<RunStatus> run_status_from_string(std::string_view text) noexcept
{
    return find_in<RunStatus>(kRunStatuses, text);
}

std::string_view to_string(StepState state) noexcept
{
    return kStepStates[static_cast<std::size_t>(state)];
}

std::optional<StepState> step_state_from_string(std::string_view text) noexcept
{
    return find_in<StepState>(kStepStates, text);
}

bool is_settled(StepState state) noexcept
{
    return state == StepState::completed || state == StepState::skipped;
}

bool is_live(StepState state) noexcept
{
    switch (state) {
        case StepState::ready:
        case StepState::claimed:
        case StepState::scheduled:
        case StepState::waiting:
        case StepState::held:
        case StepState::dead:
            return true;
        case StepState::pending:
        case StepState::completed:
        case StepState::skipped:
        case StepState::failed:
        case StepState::cancelled:
            break;
    }
    return false;
}

std::string_view to_string(Ending ending) noexcept
{
    return kEndings[static_cast<std::size_t>(ending)];
}

std::optional<Ending> ending_from_string(std::string_view text) noexcept
{
    return find_in<Ending>(kEndings, text);
}

std::string undo_path(std::string_view path)
{
    return std::string(path) + std::string(kUndo);
}

bool is_undo(std::string_view path) noexcept
{
    return path.ends_with(kUndo);
}

std::string_view undone_path(std::string_view path) noexcept
{
    if (is_undo(path)) path.remove_suffix(kUndo.size());
    return path;
}

const Step* step_at(const Definition& definition, std::string_view path) noexcept
{
    const auto slash = path.rfind('/');
    if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
    return find_step(definition, undone_path(path));
}

}  // namespace lintel::workflow
