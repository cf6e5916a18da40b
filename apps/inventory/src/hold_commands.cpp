#include "hold_commands.hpp"

#include "hold_round.hpp"
#include "lintel/core/failpoint.hpp"

namespace lintel::inventory {
namespace {

using Outcome = HoldCommands::Outcome;

storage::BatchOptions options(std::string name)
{
    storage::BatchOptions options;
    options.name = std::move(name);
    return options;
}

std::vector<Outcome> run_quick(storage::Transaction& transaction, std::span<const HoldCommand> commands)
{
    return HoldRound(transaction, commands, Patience::skips).run();
}

std::vector<Outcome> run_patient(storage::Transaction& transaction, std::span<const HoldCommand> commands)
{
    return HoldRound(transaction, commands, Patience::waits).run();
}

}  // namespace

HoldCommands::HoldCommands(storage::Pool& pool)
    : quick_(pool, options("hold_commands"), &HoldCommand::id, run_quick),
      patient_(pool, options("patient_hold_commands"), &HoldCommand::id, run_patient)
{
}

core::Task<contracts::HoldChanged> HoldCommands::submit(telemetry::Context context, HoldCommand command)
{
    auto outcome = co_await quick_.submit(context, command);
    if (std::holds_alternative<Busy>(outcome)) outcome = co_await patient_.submit(context, command);
    core::failpoint("inventory.after_commit");
    if (const auto* error = std::get_if<core::Error>(&outcome)) throw *error;
    co_return std::move(std::get<contracts::HoldChanged>(outcome));
}

}  // namespace lintel::inventory
