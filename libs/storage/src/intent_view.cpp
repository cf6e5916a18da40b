// What operators see of intents, and may do with them.
#include "lintel/core/error.hpp"
#include "lintel/storage/sql/queries.hpp"
#include "relay.hpp"

namespace lintel::storage {
namespace {

using State = IntentView::State;

constexpr std::string_view kPending = "pending";
constexpr std::string_view kFailed = "failed";

std::string_view to_string(State state)
{
    return state == State::pending ? kPending : kFailed;
}

State state_of(std::string_view text)
{
    if (text == kPending) return State::pending;
    if (text == kFailed) return State::failed;
    throw core::Error(core::ErrorCode::internal,
                      "a stored intent has the unknown state " + std::string(text));
}

IntentView view_of(const Row& row)
{
    IntentView intent;
    intent.id = row.get<core::Id>("id");
    intent.subject = row.get<std::string>("subject");
    intent.resource_id = row.get<core::Id>("resource_id");
    intent.state = state_of(row.get<std::string_view>("state"));
    intent.attempts = row.get<std::int64_t>("attempts");
    if (intent.state == State::pending) intent.next_attempt_at = row.get<core::Timestamp>("next_attempt_at");
    intent.last_error = row.get<std::optional<std::string>>("last_error");
    intent.created_at = row.get<core::Timestamp>("created_at");
    return intent;
}

}  // namespace

core::Task<std::vector<IntentView>> Outbox::Relay::list(telemetry::Context context,
                                                        std::optional<State> state, core::Id after,
                                                        std::size_t limit)
{
    std::optional<std::string_view> named;
    if (state) named = to_string(*state);
    const auto rows = co_await pool_.query(std::move(context), sql::list_intents, after, limit, named);
    std::vector<IntentView> intents;
    for (const auto row : rows)
        intents.push_back(view_of(row));
    co_return intents;
}

core::Task<std::optional<IntentView>> Outbox::Relay::retry(telemetry::Context context, core::Id id)
{
    const auto rows = co_await pool_.query(std::move(context), sql::retry_intent, id);
    wake();
    if (rows.empty()) co_return std::nullopt;
    co_return view_of(rows[0]);
}

}  // namespace lintel::storage
