// What other programs see on the wire, byte for byte.

#include <atomic>

#include "lintel/core/completion.hpp"
#include "lintel/core/time.hpp"
#include "messaging_test_support.hpp"
#include "raw_nats.hpp"

namespace lintel::messaging {
namespace {

core::Task<std::string> fail(Request)
{
    throw core::Error(core::ErrorCode::conflict, "already there");
    co_return "";
}

struct Wire {
    Wire()
    {
        replica.serve("test.echo", echo);
        replica.serve("test.fail", fail);
        replica.start();
        raw.subscribe("answer");
    }

    std::string ask(const std::string& subject, const std::string& payload)
    {
        raw.publish(subject, "answer", payload);
        return raw.next_message();
    }

    testing::NatsServer broker;
    Replica replica{broker.url()};
    RawNats raw{broker.port()};
};

std::string message(const std::string& payload)
{
    return "MSG answer 1 " + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
}

TEST_CASE("NestJS requests are answered in the envelope")
{
    Wire wire;
    CHECK(wire.ask("test.echo",
                   R"({"pattern":"test.echo","data":{"b":1,"a":[null]},"id":"0J2xM5vTnUkb1yyKJ8d4H"})") ==
          message(R"({"response":{"a":[null],"b":1},"isDisposed":true,"id":"0J2xM5vTnUkb1yyKJ8d4H"})"));
    CHECK(wire.ask("test.echo", R"({"pattern":"test.echo","data":null,"id":"1"})") ==
          message(R"({"response":null,"isDisposed":true,"id":"1"})"));
    const auto failed = wire.ask("test.fail", R"({"pattern":"test.fail","data":1,"id":"1"})");
    CHECK(failed.find(
              R"({"err":{"status":"error","statusCode":409,"message":"already there","code":"conflict"},)"
              R"("isDisposed":true,"id":"1"})") != std::string::npos);
    CHECK(failed.find("Nats-Service-Error-Code: 409\r\n") != std::string::npos);
}

TEST_CASE("plain requests are answered plainly, whatever they are")
{
    Wire wire;
    CHECK(wire.ask("test.echo", R"({"id":"1","data":2})") == message(R"({"data":2,"id":"1"})"));
    const auto failed = wire.ask("test.fail", "1");
    CHECK(failed.find("\r\nNats-Service-Error: already there\r\n") != std::string::npos);
    CHECK(failed.find("\r\nNats-Service-Error-Code: 409\r\n") != std::string::npos);
    CHECK(
        failed.find(
            R"("status":409,"detail":"already there","instance":"test.fail","code":"conflict","traceId":")") !=
        std::string::npos);
    for (const std::string& garbage :
         {std::string(), std::string("{"), std::string("\xff"), std::string("nul"), std::string("{}{}"),
          std::string(100000, '['), std::string(1, '\0')}) {
        CAPTURE(garbage.substr(0, 20));
        const auto refused = wire.ask("test.echo", garbage);
        CHECK(refused.find("Nats-Service-Error-Code: 400\r\n") != std::string::npos);
        CHECK(refused.find(R"("code":"malformed")") != std::string::npos);
    }
}

std::string nest(const std::string& data, const std::string& id)
{
    return R"({"pattern":"test.echo","data":)" + data + R"(,"id":)" + id + "}";
}

TEST_CASE("an answer that is too large is an error, told, counted and logged as one")
{
    testing::NatsServer broker;
    ConnectionOptions small;
    small.max_payload = 64 << 10;
    Replica replica(broker.url(), {}, small);
    replica.serve("test.large", [](Request request) -> core::Task<std::string> {
        co_return '"' + std::string(request.data().get<std::size_t>() - 2, 'x') + '"';
    });
    replica.start();
    RawNats raw(broker.port());
    raw.subscribe("answer");
    const auto ask = [&](const std::string& payload) {
        raw.publish("test.large", "answer", payload);
        return raw.next_message();
    };
    CHECK(ask("65536").starts_with("MSG answer 1 65536\r\n"));
    const auto refused = ask("65537");
    CHECK(refused.find("Nats-Service-Error-Code: 500\r\n") != std::string::npos);
    CHECK(refused.find("the answer has 65537 bytes; the broker takes 65536") != std::string::npos);
    // The envelope counts.
    CHECK(ask(nest("65500", "\"1\"")).find("the answer has 65540 bytes") != std::string::npos);
    CHECK(ask(nest("65400", "\"1\"")).find("\"response\":\"xxx") != std::string::npos);
    const auto answered = [&](const char* error) {
        return replica.metric(R"(rpc_server_call_duration_seconds_count{error_type=")" + std::string(error) +
                              R"(",rpc_method="test.large",rpc_system_name="nats"})");
    };
    CHECK(answered("internal") == 2);
    CHECK(answered("") == 2);
    CHECK(replica.metric("messaging_lost_replies_total") == 0);
}

TEST_CASE("an id that leaves no room for an answer is answered without its envelope")
{
    Wire wire;
    // The request is as large as a message may be; what it is answered with, 100.0, is longer than it came.
    const auto request = nest("1e2", '"' + std::string((1 << 20) - 42, 'i') + '"');
    REQUIRE(request.size() == 1 << 20);
    const auto refused = wire.ask("test.echo", request);
    CHECK(refused.find("Nats-Service-Error-Code: 500\r\n") != std::string::npos);
    CHECK(refused.find("the answer has 1048578 bytes") != std::string::npos);
    CHECK(refused.size() < 2000);
    const auto failed = wire.ask("test.fail", request);
    CHECK(failed.find("Nats-Service-Error-Code: 409\r\n") != std::string::npos);
    CHECK(failed.find("already there") != std::string::npos);
    CHECK(wire.ask("test.echo", nest("1", "\"2\"")).find("\"response\":1") != std::string::npos);
}

TEST_CASE("an error with more faults than fit is answered without them")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    replica.serve("test.faults", [](Request) -> core::Task<std::string> {
        throw core::Error(core::ErrorCode::invalid, "many faults",
                          std::vector<core::FieldError>(20'000, {"/a/long/enough/pointer", "is required"}));
        co_return "";
    });
    replica.start();
    Peer peer(broker.url());
    peer.await_connected();
    CHECK(peer.ask("test.faults", "1") == "invalid: many faults");
}

TEST_CASE("an integer beyond 64 bits is invalid where it stands in what the caller sent")
{
    Wire wire;
    const auto plain = wire.ask("test.echo", R"({"a":[99999999999999999999]})");
    CHECK(plain.find("Nats-Service-Error-Code: 422\r\n") != std::string::npos);
    CHECK(plain.find(R"("pointer":"/a/0")") != std::string::npos);
    const auto packet = wire.ask("test.echo", nest(R"({"a":[99999999999999999999]})", "\"7\""));
    CHECK(packet.find(R"("statusCode":422)") != std::string::npos);
    CHECK(packet.find(R"("pointer":"/a/0")") != std::string::npos);
    CHECK(packet.find(R"("id":"7")") != std::string::npos);
}

TEST_CASE("an endpoint has the limits of its service")
{
    testing::NatsServer broker;
    ServiceLimits limits;
    limits.max_in_flight = 2;
    limits.max_deadline = 10s;
    limits.json.depth = 3;
    Replica replica(broker.url(), limits);
    // The handler's own, too: what it does last is not ordered before the end of this case.
    const auto is_released = std::make_shared<std::atomic<bool>>(false);
    const auto running = std::make_shared<std::atomic<int>>(0);
    EndpointOptions options;
    options.name = options.subject = "wait";
    replica.service.add_endpoint(
        options, [&, is_released, running](Request request) -> core::Task<std::string> {
            const auto released = is_released;
            ++*running;
            const auto left = std::chrono::ceil<std::chrono::seconds>(request.context.deadline.remaining());
            while (!*released)
                co_await replica.threads.executor().sleep(2ms);
            co_return std::to_string(left.count());
        });
    replica.start();
    RawNats raw(broker.port());
    raw.subscribe("answer");
    raw.publish("wait", "answer", "[[[[1]]]]");
    CHECK(raw.next_message().find("nested deeper than 3 levels") != std::string::npos);
    const auto far = "Deadline: " + core::to_rfc3339(core::now() + 1h) + "\r\n";
    raw.publish_with_headers("wait", "answer", far, "1");
    raw.publish_with_headers("wait", "answer", far, "2");
    REQUIRE(testing::eventually(5s, [&] { return *running == 2; }));
    raw.publish("wait", "answer", "3");
    CHECK(raw.next_message().find("too many requests are being handled") != std::string::npos);
    *is_released = true;
    CHECK(raw.next_message() == message("10"));
    CHECK(raw.next_message() == message("10"));
}

TEST_CASE("refusals beyond their limit are not even answered, and counted")
{
    testing::NatsServer broker;
    ServiceLimits limits;
    limits.max_in_flight = 1;
    limits.max_refusals = 0;
    Replica replica(broker.url(), limits);
    core::Completion<bool> release(replica.threads.executor());
    std::atomic<int> running{0};
    EndpointOptions options;
    options.name = options.subject = "wait";
    replica.service.add_endpoint(options, [&](Request request) -> core::Task<std::string> {
        ++running;
        co_await release.wait(request.context.deadline);
        co_return "\"done\"";
    });
    replica.start();
    RawNats raw(broker.port());
    raw.subscribe("answer");
    raw.publish("wait", "answer", "1");
    REQUIRE(testing::eventually(5s, [&] { return running == 1; }));
    raw.publish("wait", "answer", "2");
    CHECK(testing::eventually(
        5s, [&] { return replica.metric(R"(messaging_dropped_messages_total{reason="overload"})") == 1; }));
    release.set_value(true);
    CHECK(raw.next_message() == message("\"done\""));
}

TEST_CASE("events are never answered")
{
    Wire wire;
    wire.raw.publish("test.echo", "answer", R"({"pattern":"test.echo","data":1})");
    wire.raw.publish("test.fail", "answer", R"({"pattern":"test.fail","data":1})");
    wire.raw.publish("test.echo", "", R"({"pattern":"test.echo","data":1,"id":"1"})");
    wire.raw.publish("test.echo", "", "garbage");
    CHECK(wire.ask("test.echo", "1") == message("1"));
    core::sync_wait(wire.replica.connection.flush(core::Deadline::after(5s)));
    CHECK(wire.raw.sync() == "PONG\r\n");
}

TEST_CASE("a passed or unreadable deadline and a bad key are seen before the handler runs")
{
    Wire wire;
    const auto header = [](core::Timestamp time) { return "Deadline: " + core::to_rfc3339(time) + "\r\n"; };
    wire.raw.publish_with_headers("test.echo", "answer", header(core::now() - 100ms), "1");
    wire.raw.publish_with_headers("test.echo", "answer", header(core::now() + 5s), "2");
    CHECK(wire.raw.next_message() == message("2"));
    CHECK(wire.replica.metric(R"(messaging_dropped_messages_total{reason="deadline_passed"})") == 1);
    wire.raw.publish_with_headers("test.echo", "answer", "Deadline: soon\r\n", "1");
    CHECK(wire.raw.next_message().find("Nats-Service-Error-Code: 400") != std::string::npos);
    wire.raw.publish_with_headers("test.echo", "answer", "Idempotency-Key: a b\r\n", "1");
    CHECK(wire.raw.next_message().find("Nats-Service-Error-Code: 400") != std::string::npos);
}

TEST_CASE("a handler sees the headers, the trace and the deadline")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    replica.serve("test.context", [](Request request) -> core::Task<std::string> {
        const auto left =
            std::chrono::duration_cast<std::chrono::seconds>(request.context.deadline.remaining());
        nlohmann::json seen{{"key", request.idempotency_key},
                            {"trace", request.context.trace.trace_id()},
                            {"state", request.context.trace.tracestate()},
                            {"seconds", left.count()},
                            {"subject", request.subject}};
        co_return seen.dump();
    });
    replica.start();
    RawNats raw(broker.port());
    raw.subscribe("answer");
    raw.publish_with_headers("test.context", "answer",
                             "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
                             "tracestate: vendor=value\r\nidempotency-key: \"k1\"\r\n",
                             "{}");
    CHECK(
        raw.next_message().find(R"({"key":"k1","seconds":4,"state":"vendor=value","subject":"test.context",)"
                                R"("trace":"0af7651916cd43dd8448eb211c80319c"})") != std::string::npos);
}

TEST_CASE("the client sends its headers and the payload as given")
{
    testing::NatsServer broker;
    RawNats raw(broker.port());
    raw.subscribe("test.peer");
    Peer peer(broker.url());
    peer.await_connected();
    RequestOptions options;
    options.idempotency_key = "k1";
    CHECK(peer.ask("test.peer", R"({"a":1})", options, 200ms).starts_with("deadline_exceeded: "));
    const auto seen = raw.sync();
    CHECK(seen.find("HMSG test.peer 1 _INBOX.") == 0);
    CHECK(seen.find("NATS/1.0\r\n") != std::string::npos);
    CHECK(seen.find("\r\ntraceparent: 00-") != std::string::npos);
    CHECK(seen.find("\r\nDeadline: 20") != std::string::npos);
    CHECK(seen.find("Z\r\n") != std::string::npos);
    CHECK(seen.find("Idempotency-Key: k1\r\n") != std::string::npos);
    CHECK(seen.find("\r\n\r\n{\"a\":1}\r\nPONG\r\n") != std::string::npos);
}

}  // namespace
}  // namespace lintel::messaging
