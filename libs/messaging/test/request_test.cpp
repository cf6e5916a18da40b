// Calls between two peers over a real broker.

#include <atomic>
#include <thread>

#include "lintel/core/completion.hpp"
#include "messaging_test_support.hpp"
#include "raw_nats.hpp"

namespace lintel::messaging {
namespace {

std::string reply_subject(const std::string& message)
{
    const auto from = message.find("_INBOX.");
    return message.substr(from, message.find(' ', from) - from);
}

/// All but the last token.
std::string lane_of(const std::string& inbox)
{
    return inbox.substr(0, inbox.rfind('.'));
}

core::Task<void> count_undelivered(Peer& peer, std::atomic<int>& undelivered)
{
    try {
        co_await peer.client.request(within(5s), "test.nobody", "{}");
    } catch (const core::Error& error) {
        if (error.code() == core::ErrorCode::unavailable) ++undelivered;
    }
}

TEST_CASE("a call to nobody is not delivered, and known at once")
{
    testing::NatsServer broker;
    Peer peer(broker.url());
    peer.await_connected();
    const auto started = std::chrono::steady_clock::now();
    CHECK(peer.ask("test.nobody", "{}") ==
          "unavailable: not delivered to 'test.nobody': nobody is subscribed to it");
    CHECK(std::chrono::steady_clock::now() - started < 2s);
}

TEST_CASE("more calls to nobody than there are lanes are all known at once")
{
    testing::NatsServer broker;
    Peer peer(broker.url());
    peer.await_connected();
    std::atomic<int> undelivered{0};
    constexpr int kCalls = 200;
    for (int i = 0; i < kCalls; ++i)
        core::spawn(count_undelivered(peer, undelivered));
    CHECK(testing::eventually(5s, [&] { return undelivered == kCalls; }));
}

TEST_CASE("the call that a lane has had is told from the one that has it")
{
    testing::NatsServer broker;
    Peer peer(broker.url());
    peer.await_connected();
    RawNats raw(broker.port());
    raw.subscribe("test.slow");
    // Given up, so that the broker could still speak of it: its lane must not go to another call.
    CHECK(peer.ask("test.slow", "1", {}, 100ms).starts_with("deadline_exceeded: "));
    const auto given_up = reply_subject(raw.next_message());
    std::string answer;
    std::thread caller([&] { answer = peer.ask("test.slow", "2"); });
    const auto waiting = reply_subject(raw.next_message());
    CHECK(lane_of(given_up) != lane_of(waiting));
    raw.publish(given_up, "", "late");
    CHECK(testing::eventually(5s, [&] { return peer.metric("messaging_late_replies_total") == 1; }));
    // The lane of the first is free again, and what its old call still gets is not the new one's.
    std::thread next([&] { CHECK(peer.ask("test.slow", "3") == "third"); });
    const auto reused = reply_subject(raw.next_message());
    CHECK(lane_of(reused) == lane_of(given_up));
    raw.publish(given_up, "", "later");
    raw.publish(reused, "", "third");
    raw.publish(waiting, "", "second");
    next.join();
    caller.join();
    CHECK(answer == "second");
    CHECK(peer.metric("messaging_late_replies_total") == 2);
    CHECK(peer.ask("test.nobody", "{}").starts_with("unavailable: "));
}

TEST_CASE("a late answer and a second answer change nothing and are counted")
{
    testing::NatsServer broker;
    Peer peer(broker.url());
    peer.await_connected();
    RawNats raw(broker.port());
    raw.subscribe("test.slow");
    CHECK(peer.ask("test.slow", "1", {}, 100ms)
              .starts_with("deadline_exceeded: no answer within the deadline"));
    const auto request = raw.next_message();
    const auto inbox = reply_subject(request);
    raw.publish(inbox, "", "late");
    raw.publish(inbox, "", "later");
    CHECK(testing::eventually(5s, [&] { return peer.metric("messaging_late_replies_total") == 2; }));
}

TEST_CASE("a hanging replica is passed by a second attempt under the same key")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    std::atomic<int> calls{0};
    std::atomic<int> keys{0};
    replica.serve("test.hang", [&](Request request) -> core::Task<std::string> {
        if (request.idempotency_key == "k1") ++keys;
        if (++calls == 1) co_await replica.threads.executor().sleep(1s);
        co_return "\"done\"";
    });
    replica.start();
    Peer peer(broker.url());
    peer.await_connected();
    RequestOptions options;
    options.idempotency_key = "k1";
    options.hedge_after = 100ms;
    const auto started = std::chrono::steady_clock::now();
    CHECK(peer.ask("test.hang", "{}", options) == "\"done\"");
    CHECK(std::chrono::steady_clock::now() - started < 900ms);
    CHECK(keys == 2);
    CHECK(testing::eventually(5s, [&] { return peer.metric("messaging_late_replies_total") == 1; }));
}

TEST_CASE("errors arrive as they were thrown")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    replica.serve("test.invalid", [](Request) -> core::Task<std::string> {
        throw core::Error(core::ErrorCode::invalid, "1 fault", {{"/name", "is required"}});
        co_return "";
    });
    replica.serve("test.defect", [](Request) -> core::Task<std::string> {
        throw std::runtime_error("the password is 1234");
        co_return "";
    });
    replica.start();
    Peer peer(broker.url());
    peer.await_connected();
    try {
        core::sync_wait(peer.client.request(within(5s), "test.invalid", "{}"));
        FAIL("an error was expected");
    } catch (const core::Error& error) {
        CHECK(error.code() == core::ErrorCode::invalid);
        CHECK(error.fields() == std::vector<core::FieldError>{{"/name", "is required"}});
    }
    CHECK(peer.ask("test.defect", "{}") == "internal: internal error");
}

TEST_CASE("a full endpoint refuses at once and a full client sends nothing")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    core::Completion<bool> release(replica.threads.executor());
    std::atomic<int> running{0};
    replica.serve(
        "test.busy",
        [&](Request request) -> core::Task<std::string> {
            if (++running == 1) co_await release.wait(request.context.deadline);
            co_return "\"done\"";
        },
        1);
    replica.start();
    ClientOptions one_call;
    one_call.max_in_flight = 1;
    Peer first(broker.url(), {}, one_call);
    Peer second(broker.url());
    first.await_connected();
    second.await_connected();
    std::thread caller([&] { CHECK(first.ask("test.busy", "1") == "\"done\""); });
    CHECK(testing::eventually(5s, [&] { return running == 1; }));
    CHECK(first.ask("test.busy", "2") ==
          "unavailable: not delivered to 'test.busy': too many calls are in flight");
    CHECK(second.ask("test.busy", "3") == "unavailable: too many requests are being handled");
    RawNats raw(broker.port());
    raw.subscribe("answer");
    raw.publish("test.busy", "answer", R"({"pattern":"test.busy","data":1,"id":"1"})");
    CHECK(raw.next_message().find(R"({"err":{"status":"error","statusCode":503,)") != std::string::npos);
    release.set_value(true);
    caller.join();
}

TEST_CASE("what NATS cannot carry is refused before it is sent")
{
    testing::NatsServer broker;
    Peer peer(broker.url());
    peer.await_connected();
    CHECK(peer.ask("test.large", std::string(1 << 20, 'x')).starts_with("too_large: "));
    CHECK(peer.ask("test.bad subject", "{}").starts_with("invalid: "));
    CHECK(peer.ask("test.bad\r\nPUB x 0\r\n", "{}").starts_with("invalid: "));
    RequestOptions options;
    options.idempotency_key = "a\r\nb: c";
    CHECK(peer.ask("test.key", "{}", options).starts_with("invalid: "));
}

TEST_CASE("no more is sent than the options or the broker allow")
{
    testing::NatsServer broker;
    ConnectionOptions small;
    small.max_payload = 1000;
    Peer peer(broker.url(), small);
    peer.await_connected();
    CHECK(peer.ask("test.large", std::string(1000, 'x')).ends_with("at most 1000 can be sent"));
    ConnectionOptions large;
    large.max_payload = 4 << 20;
    Peer other(broker.url(), large);
    other.await_connected();
    CHECK(other.ask("test.large", std::string(2 << 20, 'x')).ends_with("at most 1048576 can be sent"));
}

TEST_CASE("a large message goes through")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    replica.serve("test.echo", echo);
    replica.start();
    Peer peer(broker.url());
    peer.await_connected();
    const auto large = '"' + std::string(1000000, 'x') + '"';
    CHECK(peer.ask("test.echo", large) == large);
}

TEST_CASE("a NestJS server is called as its own client would call it")
{
    testing::NatsServer broker;
    RawNats raw(broker.port());
    raw.subscribe("math.sum");
    Peer peer(broker.url());
    peer.await_connected();
    const auto call = [&](const std::string& first, const std::string& second) {
        std::string outcome;
        std::thread caller([&] {
            try {
                outcome = core::sync_wait(peer.client.request_nest(within(5s), "math.sum", {1, 2})).dump();
            } catch (const core::Error& error) {
                outcome = std::string(core::to_string(error.code())) + ": " + error.what();
            }
        });
        const auto request = raw.next_message();
        const auto inbox = reply_subject(request);
        const auto id_at = request.find("\"id\":\"") + 6;
        const auto id = request.substr(id_at, request.find('"', id_at) - id_at);
        CHECK(request.find(R"({"pattern":"math.sum","data":[1,2],"id":")" + id + "\"}\r\n") !=
              std::string::npos);
        for (auto reply : {first, second}) {
            if (const auto at = reply.find("$ID"); at != std::string::npos) reply.replace(at, 3, id);
            if (!reply.empty()) raw.publish(inbox, "", reply);
        }
        caller.join();
        return outcome;
    };
    CHECK(call(R"({"response":3,"isDisposed":true,"id":"$ID"})", "") == "3");
    CHECK(call(R"({"response":1,"id":"$ID"})", R"({"response":2,"isDisposed":true,"id":"$ID"})") == "2");
    CHECK(call(R"({"response":1,"id":"$ID"})", R"({"isDisposed":true,"id":"$ID"})") == "1");
    CHECK(call(R"({"isDisposed":true,"id":"$ID"})", "") == "null");
    CHECK(call(R"({"response":9,"isDisposed":true,"id":"other"})",
               R"({"response":3,"isDisposed":true,"id":"$ID"})") == "3");
    CHECK(call(R"({"err":"text","isDisposed":true,"id":"$ID"})", "") == "internal: text");
    CHECK(call(R"({"err":{"statusCode":404,"message":"gone"},"isDisposed":true,"id":"$ID"})", "") ==
          "not_found: gone");
    CHECK(call(R"({"err":17,"isDisposed":true,"id":"$ID"})", "") == "internal: 17");
    CHECK(call("garbage", "").starts_with("malformed: "));
}

struct Sum {
    static constexpr std::string_view kName = "test-sum";
    static constexpr std::string_view kSubject = "test.sum";
    static constexpr std::string_view kQueueGroup = "test-service";
    struct Request {
        int a = 0;
        int b = 0;
    };
    struct Reply {
        int sum = 0;
    };
    static Request parse_request(const nlohmann::json& json)
    {
        return {json.at("a").get<int>(), json.at("b").get<int>()};
    }
    static Reply parse_reply(const nlohmann::json& json) { return {json.at("sum").get<int>()}; }
    static std::string to_json(const Request& value)
    {
        return nlohmann::json{{"a", value.a}, {"b", value.b}}.dump();
    }
    static std::string to_json(const Reply& value) { return nlohmann::json{{"sum", value.sum}}.dump(); }
};

core::Task<int> sum_through(Client& client, int a, int b)
{
    const Sum::Request request{a, b};
    const auto reply = co_await client.call<Sum>(within(5s), request);
    co_return reply.sum;
}

TEST_CASE("a typed endpoint is served and called")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    replica.service.serve<Sum>([](const Request&, Sum::Request sum) -> core::Task<Sum::Reply> {
        co_return Sum::Reply{sum.a + sum.b};
    });
    replica.start();
    Peer peer(broker.url());
    peer.await_connected();
    CHECK(core::sync_wait(sum_through(peer.client, 2, 3)) == 5);
    CHECK(
        peer.metric(
            R"(rpc_client_call_duration_seconds_count{error_type="",rpc_method="test.sum",rpc_system_name="nats"})") ==
        1);
    CHECK(
        replica.metric(
            R"(rpc_server_call_duration_seconds_count{error_type="",rpc_method="test.sum",rpc_system_name="nats"})") ==
        1);
}

}  // namespace
}  // namespace lintel::messaging
