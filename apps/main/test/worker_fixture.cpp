#include "worker_fixture.hpp"

#include <doctest/doctest.h>

#include "account_routes.hpp"
#include "contact_info_routes.hpp"
#include "customer_routes.hpp"
#include "dead_letter_routes.hpp"
#include "definition_routes.hpp"
#include "delivery_routes.hpp"
#include "hold_routes.hpp"
#include "lintel/core/json.hpp"
#include "lintel/main/sql/migrations.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/postgres.hpp"
#include "lintel/testing/tcp_client.hpp"
#include "order_routes.hpp"
#include "pick_routes.hpp"
#include "product_routes.hpp"
#include "schedule_routes.hpp"
#include "stock_routes.hpp"
#include "transfer_routes.hpp"
#include "workflow_action_routes.hpp"
#include "workflow_routes.hpp"

namespace lintel::main::test {
namespace {

using namespace std::chrono_literals;

testing::Postgres& postgres()
{
    static testing::Postgres cluster;
    return cluster;
}

http::Runtime& runtime()
{
    static http::Runtime threads(2);
    return threads;
}

messaging::ConnectionOptions to(const std::string& url, std::string name)
{
    messaging::ConnectionOptions options;
    options.url = url;
    options.name = std::move(name);
    return options;
}

void await(const messaging::Connection& connection)
{
    REQUIRE(testing::eventually(10s, [&] { return connection.is_connected(); }));
}

}  // namespace

Worker::Worker(const std::string& url)
    : connection_(threads_.executor(), metrics_, to(url, "worker")),
      service_(connection_, {"workflows", "1.0.0", "a worker", {}, {}})
{
}

Worker::~Worker()
{
    core::sync_wait(service_.drain(core::Deadline::after(10s)));
}

void Worker::start()
{
    service_.start();
    await(connection_);
    core::sync_wait(connection_.flush(core::Deadline::after(5s)));
}

std::vector<Asked> Worker::asked(std::string_view subject) const
{
    std::lock_guard lock(mutex_);
    std::vector<Asked> all;
    const auto [begin, end] = asked_.equal_range(subject);
    for (auto at = begin; at != end; ++at)
        all.push_back(at->second);
    return all;
}

void Worker::note(const messaging::Request& request)
{
    std::lock_guard lock(mutex_);
    asked_.emplace(request.subject, Asked{request.data(), request.idempotency_key});
}

std::string Answer::header(std::string_view name) const
{
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == head.npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

struct Rest::State {
    explicit State(const std::string& broker)
        : migrations(storage::Migrator(url).run(sql::all_migrations)),
          pool(runtime().executor(), metrics, {.url = url}),
          connection(runtime().executor(), metrics, to(broker, "main")),
          client(connection)
    {
    }

    http::Router routes()
    {
        http::Router router;
        const Workers workers(client, {});
        add_order_routes(router, orders, timelines);
        add_account_routes(router, workers);
        add_transfer_routes(router, workers);
        add_workflow_routes(router, workers, buildings, results);
        add_workflow_action_routes(router, workers);
        add_definition_routes(router, workers);
        add_dead_letter_routes(router, workers);
        add_schedule_routes(router, workers);
        add_customer_routes(router, workers);
        add_contact_info_routes(router, workers);
        add_delivery_routes(router, workers);
        add_product_routes(router, workers);
        add_stock_routes(router, workers);
        add_hold_routes(router, workers);
        add_pick_routes(router, workers);
        return router;
    }

    std::string name =
        "routes_" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
    std::string url = postgres().create_database(name);
    telemetry::Metrics metrics;
    int migrations;
    storage::Pool pool;
    messaging::Connection connection;
    messaging::Client client;
    WorkflowStarts workflows{client, {}, {[](const core::Id&) {}, [] {}}};
    BuildingRepository repository{pool};
    BuildingService buildings{repository, workflows, {}};
    OrderRepository order_repository{pool};
    OrderChanges order_changes{pool};
    RefusedPromises refused{order_repository, order_changes};
    OrderService orders{order_repository,    order_changes,        repository, workflows,
                        Workers(client, {}), runtime().executor(), {}};
    OrderTimelines timelines{order_repository, client, runtime().executor(), {}};
    ResultWaits results{{client, {}}, runtime().executor(), {}};
    std::optional<http::Server> server;
};

Rest::Rest() : state_(std::make_unique<State>(broker.url()))
{
}

Rest::~Rest()
{
    if (state_->server) CHECK(state_->server->drain(core::Deadline::after(10s)));
}

void Rest::start()
{
    worker.start();
    await(state_->connection);
    contracts::BuildingCreate request;
    request.name = "Depot 1";
    auto creation = state_->buildings.create(telemetry::Context::start(10s), std::move(request), "");
    building = core::sync_wait(std::move(creation)).building;
    state_->server.emplace(runtime(), state_->metrics, state_->routes(), http::ServerOptions{});
    state_->server->start();
}

OrderService& Rest::orders()
{
    return state_->orders;
}

void Rest::end_waits()
{
    state_->orders.end_waits();
    state_->results.end();
}

RefusedPromises& Rest::refused()
{
    return state_->refused;
}

std::string Rest::query(const std::string& text) const
{
    return postgres().query(text, state_->name);
}

Answer Rest::ask(std::string_view method, std::string_view path, std::string_view body,
                 std::string_view headers) const
{
    std::string text = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!body.empty()) text += "Content-Type: application/json\r\n";
    text += std::string(headers) + "Connection: close\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n\r\n" + std::string(body);
    testing::TcpClient client(state_->server->port());
    REQUIRE(client.send(text));
    const auto all = client.read_all(20s);
    Answer answer;
    const auto end = all.find("\r\n\r\n");
    REQUIRE(end != all.npos);
    answer.status = std::stoi(all.substr(9, 3));
    answer.head = all.substr(0, end + 2);
    if (end + 4 < all.size()) answer.body = core::parse_json(all.substr(end + 4));
    return answer;
}

}  // namespace lintel::main::test
