#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lintel/workflow/event.hpp"

namespace lintel::workflows {

/// How commands and errors are kept in tables: as JSON.
std::string to_text(const workflow::Command& command);
workflow::Command command_from_text(std::string_view text);
std::string to_text(const workflow::StepError& error);
/// Nothing for none: a nullable column.
std::optional<std::string> error_text(const std::optional<workflow::StepError>& error);
workflow::StepError error_from_text(std::string_view text);

/// The run a command is for.
core::Id recipient(const workflow::Command& command);

}  // namespace lintel::workflows
