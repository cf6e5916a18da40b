#include "lintel/storage/outbox.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "lintel/testing/eventually.hpp"
#include "stack.hpp"
#include "tables.hpp"

namespace lintel::storage::test {
namespace {

using core::ErrorCode;
using core::Id;
using core::sync_wait;
using Kind = DeliveryOutcome::Kind;
using namespace std::chrono_literals;

/// A service with an outbox, and a peer whose answers the test decides.
struct Service : Stack {
    explicit Service(PoolOptions options = {}) : Stack(std::move(options))
    {
        if (sql("SELECT to_regclass('intents') IS NULL") == "t") sql(kIntents);
    }

    static PoolOptions at(const std::string& url)
    {
        PoolOptions options;
        options.url = url;
        return options;
    }

    void promise(int intents, const std::string& due_in = "0 s")
    {
        sql("INSERT INTO intents (id, subject, payload, idempotency_key, resource_id, next_attempt_at) "
            "SELECT "
            "gen_random_uuid(), 'workflows.create', '{}', 'key-' || n, gen_random_uuid(), now() + interval "
            "'" +
            due_in + "' FROM generate_series(1, " + std::to_string(intents) + ") AS n");
    }

    core::Task<DeliveryOutcome> answer(telemetry::Context, Intent intent)
    {
        co_await executor.sleep(1ms);
        std::lock_guard lock(mutex);
        ++deliveries[intent.id];
        last_attempt = intent.attempt;
        if (error != ErrorCode::internal) throw core::Error(error, "as the test wants it");
        co_return DeliveryOutcome{outcome, ""};
    }
    Outbox::Deliver deliver()
    {
        return [this](telemetry::Context context, Intent intent) {
            return answer(std::move(context), std::move(intent));
        };
    }

    std::map<Id, int> delivered()
    {
        std::lock_guard lock(mutex);
        return deliveries;
    }
    bool eventually_left(int intents)
    {
        return testing::eventually(
            10s, [&] { return sql("SELECT count(*) FROM intents") == std::to_string(intents); });
    }
    void answer_with(Kind kind)
    {
        std::lock_guard lock(mutex);
        outcome = kind;
        error = ErrorCode::internal;
    }
    void refuse_with(ErrorCode code)
    {
        std::lock_guard lock(mutex);
        error = code;
    }

    std::mutex mutex;
    std::map<Id, int> deliveries;
    std::atomic<int> last_attempt{0};
    Kind outcome = Kind::delivered;
    ErrorCode error = ErrorCode::internal;
};

TEST_CASE("due intents are delivered and closed, others left alone")
{
    Service service;
    service.promise(500);
    service.promise(3, "1 hour");
    Outbox outbox(service.pool, {}, service.deliver());
    outbox.start();
    CHECK(service.eventually_left(3));
    const auto delivered = service.delivered();
    CHECK(delivered.size() == 500);
    for (const auto& [id, times] : delivered)
        CHECK(times == 1);
    CHECK(sync_wait(outbox.drain(core::Deadline::after(5s))));
}

TEST_CASE("two relays share the intents and none is delivered twice")
{
    Service service;
    Service other(Service::at(service.url));
    service.promise(1000);
    Outbox first(service.pool, {}, service.deliver());
    Outbox second(other.pool, {}, other.deliver());
    first.start();
    second.start();
    CHECK(service.eventually_left(0));
    CHECK(sync_wait(first.drain(core::Deadline::after(5s))));
    CHECK(sync_wait(second.drain(core::Deadline::after(5s))));
    const auto one = service.delivered();
    const auto two = other.delivered();
    CHECK(one.size() + two.size() == 1000);
    for (const auto& [id, times] : one)
        CHECK(two.count(id) == 0);
}

TEST_CASE("an intent is retried with backoff until it is answered")
{
    Service service;
    service.refuse_with(ErrorCode::unavailable);
    service.promise(1);
    Outbox outbox(service.pool, {.backoff_max = 400ms}, service.deliver());
    outbox.start();
    const auto attempts = [&] { return service.sql("SELECT attempts FROM intents"); };
    CHECK(testing::eventually(10s, [&] { return attempts() == "4"; }));
    CHECK(service.sql("SELECT last_error FROM intents") == "unavailable: as the test wants it");
    service.answer_with(Kind::delivered);
    CHECK(service.eventually_left(0));
}

TEST_CASE("while the peer is away only a few attempts are made, and all goes on when it is back")
{
    Service service;
    service.refuse_with(ErrorCode::unavailable);
    service.promise(300);
    Outbox outbox(service.pool, {}, service.deliver());
    outbox.start();
    std::this_thread::sleep_for(3s);
    const auto sum = [&] { return std::stoi(service.sql("SELECT sum(attempts) FROM intents")); };
    CHECK(sum() >= 64);
    CHECK(sum() < 64 + 10);
    service.answer_with(Kind::delivered);
    CHECK(service.eventually_left(0));
}

TEST_CASE("intents that are answered with an error again and again hold up no other")
{
    Service service;
    service.promise(100);
    const auto answer = [](telemetry::Context, Intent intent) -> core::Task<DeliveryOutcome> {
        if (intent.subject != "fresh") throw core::Error(ErrorCode::internal, "as the test wants it");
        co_return DeliveryOutcome{Kind::delivered};
    };
    // It is their own backoff that brings them up again, no look at the table.
    Outbox outbox(service.pool, {.poll_interval = 1h}, answer);
    outbox.start();
    CHECK(testing::eventually(
        20s, [&] { return service.sql("SELECT count(*) FROM intents WHERE attempts < 4") == "0"; }));
    service.sql(
        "INSERT INTO intents (id, subject, payload, idempotency_key, resource_id, next_attempt_at) "
        "VALUES (gen_random_uuid(), 'fresh', '{}', 'key', gen_random_uuid(), now())");
    outbox.wake();
    CHECK(service.eventually_left(100));
}

TEST_CASE("a refusal becomes a visible failure that can be retried")
{
    Service service;
    service.refuse_with(ErrorCode::invalid);
    service.promise(1);
    Outbox outbox(service.pool, {}, service.deliver());
    outbox.start();
    CHECK(testing::eventually(5s, [&] { return service.sql("SELECT state FROM intents") == "failed"; }));
    CHECK(service.sql("SELECT last_error FROM intents") == "invalid: as the test wants it");
    std::this_thread::sleep_for(200ms);
    CHECK(service.delivered().begin()->second == 1);

    service.answer_with(Kind::delivered);
    const auto id = Id::parse(service.sql("SELECT id FROM intents"));
    const auto again = sync_wait(outbox.retry(Stack::context(), *id));
    REQUIRE(again.has_value());
    CHECK(again->state == IntentView::State::pending);
    CHECK(again->attempts == 1);
    CHECK(again->next_attempt_at.has_value());
    CHECK(service.eventually_left(0));
    CHECK_FALSE(sync_wait(outbox.retry(Stack::context(), *id)).has_value());
    CHECK(service.delivered().begin()->second == 2);
}

TEST_CASE("operators see intents the oldest first, by state and page by page")
{
    Service service;
    service.sql(
        "INSERT INTO intents (id, subject, payload, idempotency_key, resource_id, state, attempts, "
        "next_attempt_at, last_error) SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, "
        "'workflows.signal', '{}', 'key-' || n, gen_random_uuid(), "
        "CASE WHEN n % 2 = 0 THEN 'failed' ELSE 'pending' END, n, now() + interval '1 h', "
        "CASE WHEN n = 2 THEN 'not_found: no' WHEN n = 4 THEN repeat('é', 5000) END "
        "FROM generate_series(1, 5) AS n");
    Outbox outbox(service.pool, {}, service.deliver());
    const auto list = [&](std::optional<IntentView::State> state, Id after, std::size_t limit) {
        return sync_wait(outbox.list(Stack::context(), state, after, limit));
    };
    const auto all = list(std::nullopt, Id(), 10);
    REQUIRE(all.size() == 5);
    CHECK(all[0].subject == "workflows.signal");
    CHECK(all[0].state == IntentView::State::pending);
    CHECK(all[0].next_attempt_at.has_value());
    CHECK_FALSE(all[0].last_error.has_value());
    const auto failed = list(IntentView::State::failed, Id(), 10);
    REQUIRE(failed.size() == 2);
    CHECK(failed[0].id == all[1].id);
    CHECK(failed[0].attempts == 2);
    CHECK_FALSE(failed[0].next_attempt_at.has_value());
    CHECK(failed[0].last_error == "not_found: no");
    CHECK(failed[1].last_error->size() == 4000 * std::string("é").size());
    const auto rest = list(IntentView::State::pending, all[0].id, 1);
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].id == all[2].id);
}

TEST_CASE("closing is idempotent, and an intent closed by the foreground is not delivered")
{
    Service service;
    service.promise(1, "300 ms");
    const auto id = Id::parse(service.sql("SELECT id FROM intents"));
    Outbox outbox(service.pool, {}, service.deliver());
    outbox.start();
    sync_wait(outbox.close(Stack::context(), *id));
    sync_wait(outbox.close(Stack::context(), *id));
    std::this_thread::sleep_for(500ms);
    outbox.wake();
    std::this_thread::sleep_for(200ms);
    CHECK(service.delivered().empty());
}

TEST_CASE("what a dead relay had claimed becomes free again")
{
    Service service;
    service.promise(1);
    service.sql("UPDATE intents SET attempts = 1, next_attempt_at = now() + interval '300 ms'");
    Outbox outbox(service.pool, {.poll_interval = 100ms}, service.deliver());
    outbox.start();
    CHECK(service.eventually_left(0));
    CHECK(service.last_attempt == 2);
}

TEST_CASE("an idle outbox costs less than one statement a second")
{
    Service service;
    Outbox outbox(service.pool, {}, service.deliver());
    outbox.start();
    std::this_thread::sleep_for(1s);
    const auto statements = [&] {
        const auto text = service.metrics.render();
        double sum = 0;
        const std::string name = "db_client_operation_duration_seconds_count";
        for (auto at = text.find("\n" + name); at != std::string::npos; at = text.find("\n" + name, at + 1))
            sum += std::stod(text.substr(text.find("} ", at) + 2));
        return sum;
    };
    const auto before = statements();
    std::this_thread::sleep_for(6s);
    CHECK(statements() - before <= 6);
    CHECK(statements() - before >= 3);
}

}  // namespace
}  // namespace lintel::storage::test
