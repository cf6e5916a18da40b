#include "delivery_service.hpp"

namespace lintel::deliveries {
namespace {

using contracts::Delivery;
using contracts::DeliveryChanged;

/// A delivery, with whether something was done now.
template <typename Answer>
Answer shown(DeliveryRepository::Changed changed)
{
    Answer answer;
    static_cast<Delivery&>(answer) = std::move(changed.delivery);
    answer.is_replay = changed.is_replay;
    return answer;
}

}  // namespace

DeliveryService::DeliveryService(DeliveryRepository& deliveries, Options options)
    : deliveries_(deliveries), options_(std::move(options))
{
}

core::Task<contracts::DeliveryCreated> DeliveryService::create(telemetry::Context context,
                                                               contracts::DeliveryCreate request,
                                                               std::string key)
{
    auto used = storage::make_idempotency_key("deliveries.create", std::move(key),
                                              contracts::to_json(request), options_.key_ttl);
    auto delivery = planned(std::move(request), core::now());
    auto created = co_await deliveries_.create(std::move(context), std::move(delivery), std::move(used));
    co_return shown<contracts::DeliveryCreated>(std::move(created));
}

core::Task<Delivery> DeliveryService::get(telemetry::Context context, core::Id id)
{
    auto delivery = co_await deliveries_.get(std::move(context), id);
    if (!delivery) throw no_such_delivery(id);
    co_return std::move(*delivery);
}

core::Task<contracts::DeliveryPage> DeliveryService::list(telemetry::Context context,
                                                          contracts::DeliveryList request)
{
    const auto filters = core::page_filters("deliveries", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::DeliveryPage page;
    page.items = co_await deliveries_.list(std::move(context), std::move(request), before,
                                           static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<DeliveryChanged> DeliveryService::dispatch(telemetry::Context context,
                                                      contracts::DeliveryDispatch request, std::string key)
{
    return change(std::move(context), std::move(request), deliveries::dispatch, "deliveries.dispatch",
                  std::move(key));
}

core::Task<DeliveryChanged> DeliveryService::deliver(telemetry::Context context,
                                                     contracts::DeliveryDeliver request, std::string key)
{
    return change(std::move(context), std::move(request), deliveries::deliver, "deliveries.deliver",
                  std::move(key));
}

core::Task<DeliveryChanged> DeliveryService::fail(telemetry::Context context, contracts::DeliveryFail request,
                                                  std::string key)
{
    return change(std::move(context), std::move(request), deliveries::fail, "deliveries.fail",
                  std::move(key));
}

core::Task<DeliveryChanged> DeliveryService::cancel(telemetry::Context context,
                                                    contracts::DeliveryCancel request, std::string key)
{
    return change(std::move(context), std::move(request), deliveries::cancel, "deliveries.cancel",
                  std::move(key));
}

template <typename Request>
core::Task<DeliveryChanged> DeliveryService::change(telemetry::Context context, Request request,
                                                    Rule<Request> rule, std::string_view scope,
                                                    std::string key)
{
    auto used =
        storage::make_idempotency_key(scope, std::move(key), contracts::to_json(request), options_.key_ttl);
    DeliveryRepository::Change make = [request, rule](Delivery& delivery) {
        return rule(delivery, request, core::now());
    };
    auto changed =
        co_await deliveries_.change(std::move(context), request.id, std::move(make), std::move(used));
    if (changed.is_promised) options_.promised();
    co_return shown<DeliveryChanged>(std::move(changed));
}

}  // namespace lintel::deliveries
