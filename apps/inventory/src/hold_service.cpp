#include "hold_service.hpp"

namespace lintel::inventory {
namespace {

using contracts::Hold;
using contracts::HoldChanged;
using core::Error;
using core::ErrorCode;

constexpr std::chrono::milliseconds kShortest = std::chrono::seconds(1);
constexpr std::chrono::milliseconds kLongest = std::chrono::hours(30 * 24);

}  // namespace

HoldService::HoldService(HoldRepository& holds, HoldCommands& commands, Options options)
    : holds_(holds), commands_(commands), options_(options)
{
}

template <typename Request>
HoldCommand HoldService::command(std::string_view scope, std::string key, Request request) const
{
    HoldCommand command;
    command.key = storage::make_idempotency_key(scope, std::move(key), to_json(request), options_.key_ttl);
    command.what = std::move(request);
    return command;
}

core::Task<HoldChanged> HoldService::reserve(telemetry::Context context, contracts::HoldReserve request,
                                             std::string key)
{
    const auto lifetime = request.expires_in.value_or(options_.hold_ttl);
    if (request.expires_in && (lifetime < kShortest || lifetime > kLongest))
        throw Error(ErrorCode::invalid, "this cannot be held", {{"/expiresIn", "must be from 1s to 30d"}});
    auto reserving = command("inventory.reserve", std::move(key), std::move(request));
    reserving.lifetime = lifetime;
    co_return co_await commands_.submit(std::move(context), std::move(reserving));
}

core::Task<HoldChanged> HoldService::confirm(telemetry::Context context, contracts::HoldConfirm request,
                                             std::string key)
{
    return commands_.submit(std::move(context), command("inventory.confirm", std::move(key), request));
}

core::Task<HoldChanged> HoldService::release(telemetry::Context context, contracts::HoldRelease request,
                                             std::string key)
{
    return commands_.submit(std::move(context),
                            command("inventory.release", std::move(key), std::move(request)));
}

core::Task<HoldChanged> HoldService::restock(telemetry::Context context, contracts::HoldRestock request,
                                             std::string key)
{
    if (request.return_id) key = "return/" + request.return_id->to_string();
    if (key.empty())
        throw Error(ErrorCode::invalid,
                    "a returnId or an Idempotency-Key is a must: what is sent twice must not come "
                    "back twice",
                    {{"/returnId", "is missing, and so is an Idempotency-Key"}});
    return commands_.submit(std::move(context),
                            command("inventory.restock", std::move(key), std::move(request)));
}

core::Task<Hold> HoldService::get(telemetry::Context context, core::Id id)
{
    auto hold = co_await holds_.get(std::move(context), id);
    if (!hold) throw Error(ErrorCode::not_found, "there is no hold " + id.to_string());
    co_return std::move(*hold);
}

core::Task<contracts::HoldPage> HoldService::list(telemetry::Context context, contracts::HoldList request)
{
    const auto filters = core::page_filters("holds", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::HoldPage page;
    page.items = co_await holds_.list(std::move(context), std::move(request), before,
                                      static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

}  // namespace lintel::inventory
