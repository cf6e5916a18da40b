// Runs the sample worker as a process of its own and uses it as a caller, an operator and a crash would.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "lintel/contracts/notes_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/testing/child_process.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_server.hpp"
#include "lintel/testing/postgres.hpp"
#include "lintel/testing/tcp_client.hpp"

using namespace lintel;
using namespace std::chrono_literals;

namespace {

struct Worker {
    testing::Postgres postgres;
    testing::NatsServer nats;
    std::uint16_t ops_port = testing::free_port();
    testing::ChildProcess process;

    Worker() : process(options())
    {
        REQUIRE(testing::eventually(20s, [this] { return is_ready(); }));
    }

    testing::ProcessOptions options()
    {
        return {.command = {LINTEL_SAMPLE},
                .environment = {{"DATABASE_URL", postgres.create_database("notes")},
                                {"NATS_URL", nats.url()},
                                {"OPS_PORT", std::to_string(ops_port)},
                                {"LOG_LEVEL", "warn"}},
                .log = {},
                .user = {},
                .working_directory = {}};
    }

    std::string ops(const std::string& path) const
    {
        testing::TcpClient client(ops_port);
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return client.read_all();
    }

    bool is_ready() const
    {
        try {
            return ops("/health/ready").starts_with("HTTP/1.1 200 ");
        } catch (const std::exception&) {
            return false;
        }
    }
};

/// What a caller needs to reach it.
struct Caller {
    core::IoThreads threads;
    telemetry::Metrics metrics;
    messaging::Connection connection;
    messaging::Client client{connection};

    explicit Caller(const std::string& url)
        : connection(threads.executor(), metrics, {.url = url, .name = "caller"})
    {
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
    }

    contracts::Note add(const contracts::NoteAdd& note)
    {
        return core::sync_wait(client.call<contracts::NotesAdd>(telemetry::Context::start(5s), note));
    }
};

}  // namespace

TEST_CASE("the sample worker keeps notes, shows itself, and drains")
{
    Worker worker;
    Caller caller(worker.nats.url());

    const contracts::NoteAdd request{core::Id::generate(), "the lift is out of order"};
    const auto note = caller.add(request);
    CHECK(note.text == request.text);
    CHECK(note.building_id == request.building_id);
    CHECK(worker.postgres.query("SELECT text FROM notes WHERE id = '" + note.id.to_string() + "'", "notes") ==
          request.text);

    CHECK_THROWS_AS(caller.add({request.building_id, ""}), core::Error);
    CHECK(worker.ops("/metrics").find("rpc_server_call_duration_seconds_count") != std::string::npos);
    CHECK(worker.ops("/health").find("\"status\":\"ok\"") != std::string::npos);

    CHECK(worker.process.terminate() == 0);
    CHECK_THROWS_AS(caller.add(request), core::Error);
}
