// What is pipelined behind responses that the client does not read.

#include <doctest/doctest.h>

#include <atomic>

#include "lintel/testing/eventually.hpp"
#include "support.hpp"

using namespace lintel::http;
using namespace lintel::http::test;
using namespace std::chrono_literals;
using lintel::core::Task;
using lintel::testing::eventually;

namespace {

/// Small enough to stay with the next response in one write.
constexpr std::size_t kPiece = 15'000;

/// A server that counts how often it handed out a piece, and with a handler that takes longer than it may.
struct PieceServer {
    PieceServer() : server(runtime(), metrics(), routes(), options()) { server.start(); }
    ~PieceServer()
    {
        is_over = true;
        server.drain(lintel::core::Deadline::after(5s));
    }

    Router routes()
    {
        Router router;
        router.add(Method::get, "/piece", [this](Request) -> Task<Response> {
            ++pieces;
            co_return Response::text(200, std::string(kPiece, 'x'));
        });
        router.add(Method::get, "/slow", [this](Request) -> Task<Response> {
            for (int pause = 0; pause < 400 && !is_over; ++pause)
                co_await runtime().executor().sleep(10ms);
            co_return Response::text(200, "slow");
        });
        return router;
    }
    static ServerOptions options()
    {
        ServerOptions options;
        options.limits.request_deadline = 300ms;
        options.limits.late_answer_grace = 100ms;
        options.limits.write_timeout = 30s;
        return options;
    }

    /// Asks for one piece after the other, up to `most`, until one does not fit into what the kernel keeps
    /// for a client that reads nothing; how many were handed out.
    int fill(Client& client, int most = 10'000)
    {
        pieces = 0;
        for (int asked = 1; asked <= most; ++asked) {
            client.send(get("/piece"));
            if (!eventually(1s, [&] { return pieces == asked; })) break;
        }
        return pieces;
    }

    std::atomic<int> pieces{0};
    std::atomic<bool> is_over{false};
    Server server;
};

}  // namespace

TEST_CASE("the time of a request goes on while responses before it wait for the client")
{
    PieceServer pieces;
    Client probe(pieces.server.port());
    const int fit = pieces.fill(probe) - 1;
    Client client(pieces.server.port());
    REQUIRE(pieces.fill(client, fit) == fit);
    // The last piece waits for the client when the handler is called.
    client.send(get("/piece") + get("/slow"));
    REQUIRE(eventually(5s, [&] { return pieces.pieces == fit + 1; }));
    for (int piece = 0; piece <= fit; ++piece)
        REQUIRE(client.read().body.size() == kPiece);
    CHECK(client.read(10s).status == 504);
}
