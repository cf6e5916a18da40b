#pragma once

#include "lintel/messaging/service.hpp"
#include "schedule_service.hpp"

namespace lintel::workflows {

/// What is answered over NATS. `schedules` outlives `endpoints`.
void add_schedule_endpoints(messaging::Service& endpoints, ScheduleService& schedules);

}  // namespace lintel::workflows
