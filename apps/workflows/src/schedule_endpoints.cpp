#include "schedule_endpoints.hpp"

#include "lintel/contracts/workflows_endpoints.hpp"

namespace lintel::workflows {

using messaging::Request;

void add_schedule_endpoints(messaging::Service& endpoints, ScheduleService& schedules)
{
    endpoints.serve<contracts::SchedulesCreate>(
        [&](const Request& request, contracts::ScheduleCreate create) {
            return schedules.create(request.context, std::move(create), request.idempotency_key);
        });
    endpoints.serve<contracts::SchedulesGet>([&](const Request& request, contracts::ScheduleGet get) {
        return schedules.get(request.context, std::move(get.name));
    });
    endpoints.serve<contracts::SchedulesList>([&](const Request& request, contracts::ScheduleList list) {
        return schedules.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::SchedulesUpdate>(
        [&](const Request& request, contracts::ScheduleUpdate update) {
            return schedules.update(request.context, std::move(update), request.idempotency_key);
        });
    endpoints.serve<contracts::SchedulesDelete>(
        [&](const Request& request, contracts::ScheduleDelete remove) {
            return schedules.remove(request.context, std::move(remove), request.idempotency_key);
        });
    endpoints.serve<contracts::SchedulesTrigger>([&](const Request& request, contracts::ScheduleGet trigger) {
        return schedules.trigger(request.context, std::move(trigger.name), request.idempotency_key);
    });
}

}  // namespace lintel::workflows
