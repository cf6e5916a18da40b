#include "pick_service.hpp"

namespace lintel::inventory {
namespace {

using contracts::Pick;
using contracts::PickChanged;

PickChanged shown(PickRepository::Changed changed)
{
    PickChanged answer;
    static_cast<Pick&>(answer) = std::move(changed.pick);
    answer.is_replay = changed.is_replay;
    return answer;
}

}  // namespace

PickService::PickService(PickRepository& picks, Options options) : picks_(picks), options_(std::move(options))
{
}

template <typename Request>
PickRepository::Key PickService::request_key(std::string_view scope, std::string key,
                                             const Request& request) const
{
    return storage::make_idempotency_key(scope, std::move(key), to_json(request), options_.key_ttl);
}

core::Task<PickChanged> PickService::create(telemetry::Context context, contracts::PickCreate request,
                                            std::string key)
{
    auto used = request_key("picks.create", std::move(key), request);
    auto created = co_await picks_.create(std::move(context), std::move(request), std::move(used));
    co_return shown(std::move(created));
}

core::Task<Pick> PickService::get(telemetry::Context context, core::Id id)
{
    auto pick = co_await picks_.get(std::move(context), id);
    if (!pick) throw no_such_pick(id);
    co_return std::move(*pick);
}

core::Task<contracts::PickPage> PickService::list(telemetry::Context context, contracts::PickList request)
{
    const auto filters = core::page_filters("picks", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::PickPage page;
    page.items = co_await picks_.list(std::move(context), std::move(request), before,
                                      static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<Pick> PickService::mark(telemetry::Context context, contracts::PickMark request, std::string key)
{
    auto used = request_key("picks.mark", std::move(key), request);
    return picks_.mark(std::move(context), std::move(request), std::move(used));
}

core::Task<PickChanged> PickService::complete(telemetry::Context context, contracts::PickGet request,
                                              std::string key)
{
    auto used = request_key("picks.complete", std::move(key), request);
    auto completed = co_await picks_.complete(std::move(context), request.id, std::move(used));
    if (completed.is_promised) options_.promised();
    co_return shown(std::move(completed));
}

core::Task<PickChanged> PickService::cancel(telemetry::Context context, contracts::PickGet request,
                                            std::string key)
{
    auto used = request_key("picks.cancel", std::move(key), request);
    auto cancelled = co_await picks_.cancel(std::move(context), request.id, std::move(used));
    co_return shown(std::move(cancelled));
}

}  // namespace lintel::inventory
