#include "schedule_check.hpp"

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/workflow/cron.hpp"
#include "lintel/workflows/sql/queries.hpp"
#include "schedule_clock.hpp"

namespace lintel::workflows {
namespace {

using core::Error;
using core::ErrorCode;
using Faults = std::vector<core::FieldError>;

std::optional<workflow::Cron> read_cron(const std::string& expression, Faults& faults)
{
    try {
        return workflow::Cron::parse(expression);
    } catch (const Error& error) {
        for (const auto& fault : error.fields())
            faults.push_back({"/cron" + fault.pointer, fault.detail});
    }
    return std::nullopt;
}

std::shared_ptr<const workflow::Definition> find(storage::Transaction& transaction,
                                                 DefinitionCatalog& catalog, const std::string& name,
                                                 std::int64_t version)
{
    try {
        return catalog.get(transaction, name, version).definition;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    return nullptr;
}

void check_start(storage::Transaction& transaction, DefinitionCatalog& catalog,
                 const contracts::ScheduleCreate& schedule, Faults& faults)
{
    const auto version = schedule.definition_version.value_or(0);
    const auto definition = find(transaction, catalog, schedule.definition, version);
    if (!definition) {
        const bool is_version = version != 0 && find(transaction, catalog, schedule.definition, 0);
        if (is_version)
            faults.push_back({"/definitionVersion", "is not a version of this definition"});
        else
            faults.push_back({"/definition", "is not a definition"});
        return;
    }
    try {
        workflow::check_input(*definition, core::parse_json(schedule.input));
    } catch (const Error& error) {
        faults.insert(faults.end(), error.fields().begin(), error.fields().end());
    }
}

}  // namespace

core::Timestamp check_schedule(storage::Transaction& transaction, DefinitionCatalog& catalog,
                               const contracts::ScheduleCreate& schedule)
{
    Faults faults;
    const auto cron = read_cron(schedule.cron, faults);
    const auto rows = transaction.exec(sql::find_time_zone, schedule.time_zone);
    if (!rows.one().get<bool>("is_known"))
        faults.push_back({"/timeZone", "is not a time zone that the database knows"});
    check_start(transaction, catalog, schedule, faults);
    if (!faults.empty()) throw Error(ErrorCode::invalid, "the schedule is not acceptable", std::move(faults));
    const auto now = rows[0].get<core::Timestamp>("now");
    return passed_times(transaction, {{*cron, schedule.time_zone, now, now}}).at(0).value().next;
}

}  // namespace lintel::workflows
