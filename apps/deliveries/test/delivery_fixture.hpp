#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "delivery_service.hpp"
#include "lintel/core/error.hpp"
#include "lintel/deliveries/sql/migrations.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/testing/database.hpp"

namespace lintel::deliveries {

using namespace std::chrono_literals;
using nlohmann::json;

inline telemetry::Context soon()
{
    return telemetry::Context::start(10s);
}

struct Database : testing::Database {
    Database() : testing::Database("deliveries") { storage::Migrator(url()).run(sql::all_migrations); }
};

/// One replica, as far as callers are concerned.
struct Replica {
    explicit Replica(const Database& database) : pool(threads.executor(), metrics, {.url = database.url()}) {}

    contracts::DeliveryCreated create(const json& request, const std::string& key = {})
    {
        return core::sync_wait(service.create(soon(), contracts::parse_delivery_create(request), key));
    }
    contracts::Delivery show(const core::Id& id) { return core::sync_wait(service.get(soon(), id)); }
    contracts::DeliveryChanged dispatch(const core::Id& id, json said = json::object(),
                                        const std::string& key = {})
    {
        said["id"] = id.to_string();
        return core::sync_wait(service.dispatch(soon(), contracts::parse_delivery_dispatch(said), key));
    }
    contracts::DeliveryChanged deliver(const core::Id& id, const std::string& key = {})
    {
        contracts::DeliveryDeliver said;
        said.id = id;
        return core::sync_wait(service.deliver(soon(), said, key));
    }
    contracts::DeliveryChanged fail(const core::Id& id, bool is_final = false, const std::string& key = {})
    {
        contracts::DeliveryFail said;
        said.id = id;
        said.reason = "nobody at home";
        said.is_final = is_final;
        return core::sync_wait(service.fail(soon(), said, key));
    }
    contracts::DeliveryChanged cancel(const core::Id& id, const std::string& key = {})
    {
        contracts::DeliveryCancel said;
        said.id = id;
        return core::sync_wait(service.cancel(soon(), said, key));
    }

    telemetry::Metrics metrics;
    core::IoThreads threads{2};
    storage::Pool pool;
    std::atomic<int> promises{0};
    DeliveryRepository repository{pool};
    DeliveryService service{
        repository, {.key_ttl = std::chrono::hours(1), .pages = {}, .promised = [this] { ++promises; }}};
};

inline json order(const core::Id& id = core::Id::generate())
{
    return {{"orderId", id.to_string()}};
}

inline json order_with_workflow(const core::Id& workflow = core::Id::generate())
{
    auto request = order();
    request["workflowId"] = workflow.to_string();
    return request;
}

/// With what code something is refused; nothing when it is not.
template <typename Call>
std::optional<core::ErrorCode> refusal(Call call)
{
    try {
        call();
    } catch (const core::Error& error) {
        return error.code();
    }
    return std::nullopt;
}

}  // namespace lintel::deliveries
