#include "order_timelines.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <set>

#include "lintel/contracts/accounts_endpoints.hpp"
#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/completion.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::main {
namespace {

using core::Task;

/// Of each source, as many as an order has unless something is very wrong with it.
constexpr std::int64_t kPage = 200;
constexpr int kHistoryPages = 5;
constexpr std::int64_t kEvents = 1000;
constexpr std::int64_t kReturns = 20;
/// Of a request's time, kept for the answer.
constexpr std::chrono::milliseconds kAnswerReserve{300};

}  // namespace

/// What the parts have brought so far. Thread-safe.
class OrderTimelines::Collection {
public:
    Collection(core::Executor& executor, core::Id order, std::size_t parts) : done_(executor), left_(parts)
    {
        timeline_.order_id = order;
    }

    void add(TimelineItems items)
    {
        std::lock_guard lock(mutex_);
        std::ranges::move(items, std::back_inserter(timeline_.items));
    }
    void truncate()
    {
        std::lock_guard lock(mutex_);
        timeline_.is_truncated = true;
    }
    void miss(const std::string& source)
    {
        std::lock_guard lock(mutex_);
        missing_.insert(source);
    }
    void end_part()
    {
        std::unique_lock lock(mutex_);
        const bool is_last = --left_ == 0;
        lock.unlock();
        if (is_last) done_.set_value(true);
    }

    Task<bool> wait(core::Deadline deadline) { return done_.wait(deadline); }

    contracts::OrderTimeline take(contracts::OrderStatus status)
    {
        std::lock_guard lock(mutex_);
        timeline_.status = status;
        timeline_.missing.assign(missing_.begin(), missing_.end());
        std::ranges::stable_sort(timeline_.items, {}, &contracts::OrderTimelineItem::at);
        return std::move(timeline_);
    }

private:
    core::Completion<bool> done_;
    std::mutex mutex_;
    contracts::OrderTimeline timeline_;
    std::set<std::string> missing_;
    std::size_t left_;
};

OrderTimelines::OrderTimelines(OrderRepository& repository, messaging::Client& client,
                               core::Executor& executor, Options options)
    : repository_(repository), client_(client), executor_(executor), options_(options)
{
}

Task<contracts::OrderTimeline> OrderTimelines::show(telemetry::Context context, core::Id id)
{
    const auto order = co_await repository_.get(context, id);
    if (!order) throw core::Error(core::ErrorCode::not_found, "there is no order " + id.to_string());
    const auto events = co_await repository_.list_events(context, id, kEvents + 1);
    const auto returns = co_await repository_.list_returns(context, id, core::newest_id(), kReturns + 1);

    const auto soon =
        telemetry::Context{context.trace, core::Deadline(context.deadline.time() - kAnswerReserve)}.at_most(
            options_.patience);
    constexpr std::size_t kParts = 5;
    auto all = std::make_shared<Collection>(executor_, id, kParts + returns.size());
    for (const auto& event : events)
        all->add(timeline_of(id, event));
    if (events.size() > kEvents || returns.size() > kReturns) all->truncate();

    core::spawn(collect(all, "workflow", ask_workflows(all, soon, "order-fulfilment", id.to_string())));
    for (const auto& made : returns)
        core::spawn(collect(all, "workflow", ask_workflows(all, soon, "order-return", made.id.to_string())));
    core::spawn(collect(all, "hold", ask_list<contracts::InventoryHolds>(all, soon, id)));
    core::spawn(collect(all, "transfer", ask_list<contracts::TransfersList>(all, soon, id)));
    core::spawn(collect(all, "pick", ask_list<contracts::PicksList>(all, soon, id)));
    core::spawn(collect(all, "delivery", ask_list<contracts::DeliveriesList>(all, soon, id)));
    auto waiting = all->wait(context.deadline);
    co_await std::move(waiting);
    co_return all->take(order->status);
}

Task<void> OrderTimelines::collect(Shared into, std::string source, Task<void> asking)
{
    try {
        co_await std::move(asking);
    } catch (const core::Error& error) {
        telemetry::log(telemetry::LogLevel::debug, "a part of a timeline is missing",
                       {{"source", source}, {"why", error.what()}});
        into->miss(source);
    }
    into->end_part();
}

Task<void> OrderTimelines::ask_workflows(Shared into, telemetry::Context context, std::string definition,
                                         std::string key)
{
    contracts::WorkflowList request;
    request.definition = std::move(definition);
    request.key = std::move(key);
    const auto page = co_await ask<contracts::WorkflowsList>(context, std::move(request));
    for (const auto& workflow : page.items) {
        auto asking = ask_history(into, context, workflow.id);
        co_await std::move(asking);
    }
}

Task<void> OrderTimelines::ask_history(Shared into, telemetry::Context context, core::Id workflow)
{
    contracts::WorkflowPart request;
    request.id = workflow;
    request.page_size = kPage;
    for (int number = 0; number < kHistoryPages; ++number) {
        const auto page = co_await ask<contracts::WorkflowsHistory>(context, request);
        for (const auto& event : page.items)
            into->add(timeline_of(workflow, event));
        if (!page.next_page_token) co_return;
        request.page_token = page.next_page_token;
    }
    into->truncate();
}

template <typename Endpoint>
Task<void> OrderTimelines::ask_list(Shared into, telemetry::Context context, core::Id order)
{
    typename Endpoint::Request request;
    request.order_id = order;
    request.page_size = kPage;
    const auto page = co_await ask<Endpoint>(std::move(context), std::move(request));
    for (const auto& item : page.items)
        into->add(timeline_of(item));
    if (page.next_page_token) into->truncate();
}

template <typename Endpoint>
Task<typename Endpoint::Reply> OrderTimelines::ask(telemetry::Context context,
                                                   typename Endpoint::Request request)
{
    messaging::RequestOptions options;
    options.hedge_after = options_.hedge_after;
    return client_.call<Endpoint>(std::move(context), request, std::move(options));
}

}  // namespace lintel::main
