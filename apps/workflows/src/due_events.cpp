#include "due_events.hpp"

#include <map>

#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {

std::vector<RunEvent> ready_runs(storage::Transaction& transaction, std::size_t limit)
{
    std::vector<RunEvent> events;
    for (const auto row : transaction.exec(sql::find_ready_steps, limit)) {
        RunEvent event;
        event.run = row.get<core::Id>("run_id");
        events.push_back(std::move(event));
    }
    return events;
}

std::vector<RunEvent> due_runs(storage::Transaction& transaction, std::size_t limit)
{
    std::vector<RunEvent> events;
    for (const auto row : transaction.exec(sql::find_due_steps, limit)) {
        RunEvent event;
        event.run = row.get<core::Id>("run_id");
        event.event = workflow::TimerFired{row.get<std::string>("path")};
        events.push_back(std::move(event));
    }
    return events;
}

std::vector<RunEvent> lost_claims(storage::Transaction& transaction, std::size_t limit)
{
    std::vector<RunEvent> events;
    for (const auto row : transaction.exec(sql::find_lost_claims, limit)) {
        RunEvent event;
        event.run = row.get<core::Id>("run_id");
        event.event = workflow::LeaseLost{row.get<std::string>("path"), row.get<std::int64_t>("attempt")};
        events.push_back(std::move(event));
    }
    return events;
}

std::vector<RunEvent> early_signals(storage::Transaction& transaction, const std::string& definition,
                                    const std::string& key)
{
    std::map<std::int64_t, RunEvent> in_order;
    for (const auto row : transaction.exec(sql::take_early_signals, definition, key)) {
        RunEvent event;
        event.run = row.get<core::Id>("run_id");
        event.is_promised = true;
        event.event = workflow::SignalReceived{
            {row.get<std::string>("id"), row.get<std::string>("name"), row.get<std::string>("payload")}};
        in_order.emplace(row.get<std::int64_t>("sequence"), std::move(event));
    }
    std::vector<RunEvent> events;
    for (auto& [sequence, event] : in_order)
        events.push_back(std::move(event));
    return events;
}

}  // namespace lintel::workflows
