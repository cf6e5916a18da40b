#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "definition_service.hpp"
#include "engine.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/messaging/service.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/testing/database.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_server.hpp"
#include "lintel/workflows/sql/migrations.hpp"
#include "workflow_actions.hpp"
#include "workflow_service.hpp"

namespace lintel::workflows {

using namespace std::chrono_literals;
using nlohmann::json;

inline telemetry::Context soon()
{
    return telemetry::Context::start(10s);
}

struct Database : testing::Database {
    Database() : testing::Database("workflows") { storage::Migrator(url()).run(sql::all_migrations); }
};

/// The broker and the database of one case, and a service that does what steps ask for.
struct World {
    World()
    {
        service.add_endpoint({"effects", "effects.>", "effects-service"},
                             [this](messaging::Request request) -> core::Task<std::string> {
                                 co_return co_await effect(std::move(request));
                             });
        service.start();
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
        core::sync_wait(connection.flush(core::Deadline::after(5s)));
    }

    /// What becomes of a request to `effects.NAME`: its reply, or an error that is thrown.
    using Effect = std::function<core::Task<std::string>(messaging::Request)>;
    void on(const std::string& name, Effect what)
    {
        std::lock_guard lock(mutex);
        effects["effects." + name] = std::move(what);
    }

    /// The subjects in the order in which their effects came, each key once.
    std::vector<std::string> done() const
    {
        std::lock_guard lock(mutex);
        return order;
    }
    int requests(const std::string& name) const
    {
        std::lock_guard lock(mutex);
        const auto found = counts.find("effects." + name);
        return found == counts.end() ? 0 : found->second;
    }

    core::Task<std::string> effect(messaging::Request request)
    {
        Effect what;
        {
            std::lock_guard lock(mutex);
            ++counts[request.subject];
            if (keys.insert(request.idempotency_key).second) order.push_back(request.subject.substr(8));
            const auto found = effects.find(request.subject);
            if (found != effects.end()) what = found->second;
        }
        if (!what) co_return core::dump_json({{"did", request.subject.substr(8)}, {"with", request.data()}});
        co_return co_await what(std::move(request));
    }

    /// For effects that do not answer before the end of their case.
    core::Task<void> hang()
    {
        for (bool hangs = true; hangs; hangs = !is_over)
            co_await threads.executor().sleep(20ms);
    }

    std::atomic<bool> is_over{false};
    testing::NatsServer broker;
    Database database;
    /// The way that replicas take to it.
    std::string database_url = database.url();
    telemetry::Metrics metrics;
    mutable std::mutex mutex;
    std::map<std::string, Effect> effects;
    std::map<std::string, int> counts;
    std::set<std::string> keys;
    std::vector<std::string> order;
    core::IoThreads threads{2};
    messaging::Connection connection{threads.executor(), metrics, {.url = broker.url(), .name = "effects"}};
    messaging::Service service{connection, {"effects", "1.0.0", "does what steps ask for", {}, {}}};
};

/// One worker process, as far as the engine is concerned.
struct Replica {
    explicit Replica(World& of, std::size_t concurrency = 16)
        : world(of), engine(threads.executor(), pool, client, metrics, options(concurrency))
    {
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
        core::sync_wait(engine.renew(soon()));
        core::spawn(tick());
    }
    ~Replica()
    {
        is_running = false;
        world.is_over = ends_world;
        REQUIRE(testing::eventually(10s, [this] { return ticks_ended.load(); }));
        core::sync_wait(engine.stop(core::Deadline::after(10s)));
        REQUIRE(testing::eventually(10s, [this] { return engine.attempts() == 0; }));
        pool.close(core::Deadline::after(5s));
    }

    static Engine::Options options(std::size_t concurrency)
    {
        Engine::Options options;
        options.session.lease = 2000ms;
        options.session.renewal = 200ms;
        options.session.replica = "test";
        options.poll_interval = 100ms;
        options.definition_refresh = 0ms;
        options.concurrency = concurrency;
        options.worker.hand_back_after = 100ms;
        return options;
    }

    core::Task<void> tick()
    {
        for (bool runs = true; runs; runs = is_running) {
            if (!is_frozen) {
                try {
                    co_await engine.renew(soon());
                    co_await engine.poll(soon());
                } catch (const core::Error&) {
                    // As it is in a service: the next round tries again.
                }
            }
            co_await threads.executor().sleep(100ms);
        }
        ticks_ended = true;
    }

    void define(const json& document)
    {
        core::sync_wait(definitions.create(soon(), {core::dump_json(document)}, {}));
    }
    contracts::WorkflowStarted start(const std::string& definition, const json& input = json::object(),
                                     const std::string& key = {},
                                     contracts::ConflictPolicy conflict = contracts::ConflictPolicy::fail)
    {
        contracts::WorkflowStart request;
        request.definition = definition;
        request.input = core::dump_json(input);
        if (!key.empty()) request.key = key;
        request.conflict = conflict;
        return core::sync_wait(workflows.start(soon(), request, {}));
    }
    contracts::Workflow get(const core::Id& id) { return core::sync_wait(workflows.get(soon(), id)); }
    bool comes_to(const core::Id& id, contracts::WorkflowStatus status,
                  std::chrono::milliseconds patience = 20s)
    {
        const bool came = testing::eventually(patience, [&] { return get(id).status == status; });
        if (!came) MESSAGE("it is ", contracts::to_string(get(id).status), "; ", steps(id).dump(2));
        return came;
    }
    json output(const core::Id& id) { return json::parse(get(id).output.value_or("null")); }
    json steps(const core::Id& id)
    {
        contracts::WorkflowPart part;
        part.id = id;
        part.page_size = 200;
        return json::parse(contracts::to_json(core::sync_wait(workflows.steps(soon(), part)))).at("items");
    }
    std::vector<std::string> history(const core::Id& id)
    {
        contracts::WorkflowPart part;
        part.id = id;
        part.page_size = 200;
        std::vector<std::string> types;
        for (const auto& event : core::sync_wait(workflows.history(soon(), part)).items)
            types.push_back(event.type);
        return types;
    }
    contracts::WorkflowChanged act(const core::Id& id, workflow::Event event, const std::string& key = {})
    {
        return core::sync_wait(actions.act(soon(), id, std::move(event), {"test", key, "request"}));
    }
    contracts::SignalReceipt signal(const core::Id& id, const std::string& signal_id, const std::string& name,
                                    const json& payload = nullptr)
    {
        contracts::WorkflowSignal request;
        request.id = id;
        request.signal_id = signal_id;
        request.name = name;
        request.payload = core::dump_json(payload);
        return core::sync_wait(actions.signal(soon(), request));
    }
    std::size_t stuck() { return core::sync_wait(actions.doctor(soon(), {})).items.size(); }

    World& world;
    std::atomic<bool> is_running{true};
    /// Neither renews its lease nor looks at anything, as after SIGSTOP.
    std::atomic<bool> is_frozen{false};
    std::atomic<bool> ticks_ended{false};
    /// Effects that hang are let go when this replica is.
    bool ends_world = true;
    telemetry::Metrics metrics;
    core::IoThreads threads{2};
    storage::Pool pool{threads.executor(), metrics, {.url = world.database_url}};
    messaging::Connection connection{
        threads.executor(), metrics, {.url = world.broker.url(), .name = "replica"}};
    messaging::Client client{connection};
    Engine engine;
    WorkflowRepository repository{pool};
    WorkflowService workflows{repository, engine, threads.executor(), {}};
    WorkflowActions actions{repository, engine, {}};
    DefinitionService definitions{pool, {}};
};

inline json request_step(const std::string& name, const json& more = json::object())
{
    json step = {{"name", name}, {"request", {{"subject", "effects." + name}}}};
    step.update(more);
    return step;
}

inline json definition(const std::string& name, const json& steps)
{
    // A list of one in braces is that one.
    return {{"name", name}, {"version", 1}, {"steps", steps.is_array() ? steps : json::array({steps})}};
}

/// Quick retries, so that tests are quick.
inline json quick_retries(int attempts = 0)
{
    return {{"initialInterval", "20ms"}, {"maximumInterval", "50ms"}, {"maximumAttempts", attempts}};
}

}  // namespace lintel::workflows
