#include "intent_repository.hpp"

#include "lintel/core/error.hpp"
#include "lintel/main/sql/queries.hpp"

namespace lintel::main {
namespace {

contracts::Intent intent_of(const storage::Row& row)
{
    contracts::Intent intent;
    intent.id = row.get<core::Id>("id");
    intent.subject = row.get<std::string>("subject");
    intent.resource_id = row.get<core::Id>("resource_id");
    const auto state = contracts::intent_state_from_string(row.get<std::string_view>("state"));
    if (!state) throw core::Error(core::ErrorCode::internal, "a stored intent has an unknown state");
    intent.state = *state;
    intent.attempts = row.get<std::int64_t>("attempts");
    if (*state == contracts::IntentState::pending)
        intent.next_attempt_at = row.get<core::Timestamp>("next_attempt_at");
    intent.last_error = row.get<std::optional<std::string>>("last_error");
    intent.created_at = row.get<core::Timestamp>("created_at");
    return intent;
}

}  // namespace

core::Task<std::vector<contracts::Intent>> IntentRepository::list(telemetry::Context context,
                                                                  contracts::IntentList filter,
                                                                  core::Id after, std::int64_t limit)
{
    std::optional<std::string_view> state;
    if (filter.state) state = contracts::to_string(*filter.state);
    const auto rows = co_await pool_.query(std::move(context), sql::list_intents, after, limit, state);
    std::vector<contracts::Intent> intents;
    for (const auto row : rows)
        intents.push_back(intent_of(row));
    co_return intents;
}

core::Task<std::optional<contracts::Intent>> IntentRepository::get(telemetry::Context context, core::Id id)
{
    const auto rows = co_await pool_.query(std::move(context), sql::get_intent, id);
    if (rows.empty()) co_return std::nullopt;
    co_return intent_of(rows[0]);
}

}  // namespace lintel::main
