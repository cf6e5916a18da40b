#include "schedule_service.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/core/version.hpp"

namespace lintel::workflows {
namespace {

using contracts::Schedule;
using contracts::ScheduleCreate;
using core::Error;
using core::ErrorCode;

ScheduleCreate patched(const Schedule& present, const std::string& patch)
{
    auto document = core::parse_json(contracts::to_json(description_of(present)));
    document.merge_patch(core::parse_json(patch));
    auto after = contracts::parse_schedule_create(document);
    if (after.name != present.name)
        throw Error(ErrorCode::invalid, "the schedule is not acceptable", {{"/name", "cannot be changed"}});
    return after;
}

contracts::WorkflowStarted shown(contracts::Workflow workflow, bool is_replay)
{
    contracts::WorkflowStarted answer;
    static_cast<contracts::Workflow&>(answer) = std::move(workflow);
    answer.is_replay = is_replay;
    return answer;
}

}  // namespace

ScheduleService::ScheduleService(ScheduleRepository& schedules, WorkflowRepository& workflows,
                                 Scheduler& scheduler, Options options)
    : schedules_(schedules), workflows_(workflows), scheduler_(scheduler), options_(options)
{
}

core::Task<contracts::ScheduleCreated> ScheduleService::create(telemetry::Context context,
                                                               ScheduleCreate request, std::string key)
{
    auto used = storage::make_idempotency_key("schedules.create", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    auto created = co_await schedules_.create(std::move(context), std::move(request), std::move(used));
    contracts::ScheduleCreated answer;
    static_cast<Schedule&>(answer) = std::move(created.schedule);
    answer.is_replay = created.is_replay;
    if (answer.next_at) scheduler_.expect(*answer.next_at);
    co_return answer;
}

core::Task<Schedule> ScheduleService::get(telemetry::Context context, std::string name)
{
    auto schedule = co_await schedules_.get(std::move(context), name);
    if (!schedule) throw no_such_schedule(name);
    co_return std::move(*schedule);
}

core::Task<contracts::SchedulePage> ScheduleService::list(telemetry::Context context,
                                                          contracts::ScheduleList request)
{
    const auto filters = core::page_filters("schedules", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::SchedulePage page;
    page.items = co_await schedules_.list(std::move(context), before, static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<Schedule> ScheduleService::update(telemetry::Context context, contracts::ScheduleUpdate request,
                                             std::string key)
{
    auto used = storage::make_idempotency_key("schedules.update", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    ScheduleRepository::Change change = [request](const Schedule& present) {
        core::expect_version(request.expected_versions, present.version, "schedule");
        return patched(present, request.patch);
    };
    auto changed =
        co_await schedules_.update(std::move(context), request.name, std::move(change), std::move(used));
    if (changed.next_at) scheduler_.expect(*changed.next_at);
    co_return changed;
}

core::Task<Schedule> ScheduleService::remove(telemetry::Context context, contracts::ScheduleDelete request,
                                             std::string key)
{
    auto used = storage::make_idempotency_key("schedules.delete", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    ScheduleRepository::Check check = [request](const Schedule& present) {
        core::expect_version(request.expected_versions, present.version, "schedule");
    };
    return schedules_.remove(std::move(context), request.name, std::move(check), std::move(used));
}

core::Task<contracts::WorkflowStarted> ScheduleService::trigger(telemetry::Context context, std::string name,
                                                                std::string key)
{
    const auto used =
        storage::make_idempotency_key("schedules.trigger", std::move(key), name, options_.key_ttl);
    const auto triggered = co_await schedules_.trigger(context, name, used);
    if (!triggered) throw no_such_schedule(name);
    co_await start_noted(context, triggered->run, used);
    auto workflow = co_await workflows_.get(std::move(context), triggered->run);
    if (!workflow)
        throw Error(ErrorCode::conflict,
                    "the workflow of this Idempotency-Key was started and has been removed");
    co_return shown(std::move(*workflow), triggered->is_replay);
}

core::Task<void> ScheduleService::start_noted(telemetry::Context context, core::Id run,
                                              std::optional<storage::IdempotencyKey> key)
{
    std::optional<Error> failed;
    try {
        co_await scheduler_.make(context, run);
    } catch (const Error& error) {
        failed = error;
    }
    if (!failed) co_return;
    if (core::is_retryable(failed->code()) || failed->code() == ErrorCode::deadline_exceeded)
        throw Error(ErrorCode::deadline_exceeded,
                    std::string("the workflow has not been started yet, but will be: ") + failed->what());
    if (key) co_await schedules_.release_key(std::move(context), std::move(*key));
    throw *failed;
}

}  // namespace lintel::workflows
