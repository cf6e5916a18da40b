#pragma once

#include <algorithm>
#include <string>

#include "lintel/workflow/run.hpp"

namespace lintel::workflow::simulation {

/// For reports.
std::string name_of(const Run& run, const StepRun& step);

bool any_step(const Run& run, const auto& predicate)
{
    return std::ranges::any_of(run.steps, [&](const auto& step) { return predicate(step.second); });
}

/// With a worker, or for one, or to be again soon.
bool is_under_way(const StepRun& step);

/// What tells the doctor in SQL, which knows no definition, what a waiting step waits for. Throws Violation,
/// as does the next.
void check_wait(const Run& run, const StepRun& step);

/// Whether a run that is not final has a reason to be as it is: what `doctor` asks.
void check_has_reason(const Run& run);

}  // namespace lintel::workflow::simulation
