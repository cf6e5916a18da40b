#pragma once

#include <string>
#include <vector>

#include "turn.hpp"

namespace lintel::workflow {

/// Begins what can begin in a scope whose paths start with `prefix`; true once all of it is settled. Does
/// nothing more as soon as the run is ending.
bool advance_scope(Turn& turn, const Scope& scope, const std::string& prefix);

/// The output of the scope's last step: null when it has none.
std::string last_output(Turn& turn, const Scope& scope, const std::string& prefix);

void begin_switch(Turn& turn, const SwitchStep& choice, StepRun& record, const nlohmann::json& value);
void begin_for_each(Turn& turn, const ForEachStep& loop, StepRun& record, std::size_t count);

/// What the paths of the steps of an element begin with.
std::string element_prefix(const std::string& path, std::size_t index);
/// The numbers of the elements that have steps of their own.
std::vector<std::size_t> elements_of(const Run& run, const std::string& path);
/// The scopes within a step and what the paths of each begin with, for all that has ever begun.
std::vector<std::pair<const Scope*, std::string>> scopes_within(const Run& run, const Step& step,
                                                                const std::string& path);

}  // namespace lintel::workflow
