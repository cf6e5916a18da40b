#include "building_service.hpp"

#include <nlohmann/json.hpp>

#include "building_patch.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/failpoint.hpp"
#include "lintel/storage/idempotency.hpp"

namespace lintel::main {
namespace {

using contracts::Building;
using core::Error;
using core::ErrorCode;

Error no_such_building(const core::Id& id)
{
    return Error(ErrorCode::not_found, "there is no building " + id.to_string());
}

/// Why a building was not inserted although no earlier request had used its key.
Error refused(Insertion insertion)
{
    if (insertion == Insertion::no_parent)
        return Error(ErrorCode::invalid, "the building is not acceptable",
                     {{"/parentId", "is not a building"}});
    return Error(ErrorCode::unavailable, "the Idempotency-Key has just expired; send the request again");
}

contracts::BuildingWithWorkflow with_workflow(Building building, contracts::WorkflowSummary workflow)
{
    contracts::BuildingWithWorkflow both;
    static_cast<Building&>(both) = std::move(building);
    both.workflow = std::move(workflow);
    return both;
}

}  // namespace

BuildingService::BuildingService(BuildingRepository& repository, WorkflowStarts& workflows, Options options)
    : repository_(repository), workflows_(workflows), options_(options)
{
}

core::Task<BuildingService::Created> BuildingService::create(telemetry::Context context,
                                                             contracts::BuildingCreate request,
                                                             std::string key)
{
    NewBuilding item;
    if (!key.empty()) item.fingerprint = core::Id::derive(core::Id(), contracts::to_json(request));
    item.building = new_building(std::move(request));
    item.key = key;
    item.key_expires_at = item.building.created_at + options_.key_ttl;
    item.intent = workflows_.intent_for(onboarding_of(item.building.id));
    auto building = item.building;
    const auto fingerprint = item.fingerprint;
    const auto intent_id = item.intent.id;
    auto insertion = Insertion::inserted;
    {
        const auto claim = keys_in_flight_.claim(key);
        insertion = co_await repository_.insert(context, std::move(item));
    }
    if (insertion != Insertion::inserted) {
        const auto used = co_await find_key(context, key, fingerprint);
        if (!used) throw refused(insertion);
        // A statement that was sent again after a lost connection finds the key it took itself.
        if (*used != building.id) co_return co_await replay(std::move(context), *used);
    }

    core::failpoint("main.after_commit");
    auto workflow = co_await workflows_.start(std::move(context), onboarding_of(building.id), intent_id);
    co_return Created{with_workflow(std::move(building), std::move(workflow)), false};
}

core::Task<std::optional<core::Id>> BuildingService::find_key(telemetry::Context context, std::string key,
                                                              core::Id fingerprint)
{
    if (key.empty()) co_return std::nullopt;
    const auto used = co_await repository_.find_key(std::move(context), std::move(key));
    if (!used) co_return std::nullopt;
    if (used->fingerprint != fingerprint) throw storage::key_of_another_request();
    co_return used->building_id;
}

core::Task<BuildingService::Created> BuildingService::replay(telemetry::Context context, core::Id id)
{
    auto building = co_await repository_.get(context, id);
    if (!building)
        throw Error(ErrorCode::conflict,
                    "the building of this Idempotency-Key was created and has been deleted");
    auto workflow = co_await workflows_.start(std::move(context), onboarding_of(id), std::nullopt);
    co_return Created{with_workflow(std::move(*building), std::move(workflow)), true};
}

core::Task<Building> BuildingService::get(telemetry::Context context, core::Id id)
{
    auto building = co_await repository_.get(std::move(context), id);
    if (!building) throw no_such_building(id);
    co_return std::move(*building);
}

core::Task<contracts::BuildingPage> BuildingService::list(telemetry::Context context,
                                                          contracts::BuildingList request)
{
    const auto filters = core::page_filters("buildings", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::BuildingPage page;
    page.items = co_await repository_.list(std::move(context), std::move(request), before,
                                           static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<Building> BuildingService::patch(telemetry::Context context, core::Id id, nlohmann::json patch,
                                            core::ExpectedVersions expected)
{
    // By value: the change may still run when its caller has given up.
    const auto change = [patch = std::move(patch), expected = std::move(expected)](const Building& present) {
        core::expect_version(expected, present.version, "building");
        return apply_patch(present, patch);
    };
    auto changed = co_await repository_.update(std::move(context), id, change);
    if (!changed) throw no_such_building(id);
    co_return std::move(*changed);
}

core::Task<void> BuildingService::remove(telemetry::Context context, core::Id id,
                                         core::ExpectedVersions expected)
{
    const auto check = [expected = std::move(expected)](const Building& present) {
        core::expect_version(expected, present.version, "building");
    };
    const bool removed = co_await repository_.remove(std::move(context), id, check);
    if (!removed) throw no_such_building(id);
}

}  // namespace lintel::main
