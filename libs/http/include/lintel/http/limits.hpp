#pragma once

#include <chrono>
#include <cstddef>

#include "lintel/core/json.hpp"

namespace lintel::http {

/// What one connection may ask for and how long it may take. Every limit is answered with the status named
/// here, or with a closed connection where there is nobody left to answer.
struct Limits {
    /// A request body; 413 above, sent before the body is read.
    std::size_t body_bytes = 1 << 20;
    /// Levels of a JSON body, see Request::json_limits; 400 above.
    std::size_t json_depth = core::JsonLimits().depth;
    /// The request line with all header fields, also what precedes a chunk; 431 above.
    std::size_t header_bytes = 16 << 10;
    /// From a connection's start, or from a request's first byte, to the end of its headers.
    std::chrono::milliseconds header_timeout{5'000};
    /// From the end of the headers to the end of the body.
    std::chrono::milliseconds body_timeout{30'000};
    /// Between two requests of one connection.
    std::chrono::milliseconds idle_timeout{60'000};
    /// For a peer that does not read what it asked for.
    std::chrono::milliseconds write_timeout{30'000};
    /// After the last response: how long what the peer still sends is read and dropped, so that a reset does
    /// not overtake the response (RFC 9112, 9.6).
    std::chrono::milliseconds linger_timeout{2'000};
    /// During a drain: how long an idle connection may still bring a request before it is closed, and how
    /// long the socket still takes those who have begun to connect.
    std::chrono::milliseconds drain_grace{500};
    /// How many pipelined requests are answered before what is ready is written.
    std::size_t pipeline_depth = 16;
    /// How much of a streamed body waits for its reader before the producer has to wait.
    std::size_t stream_buffer_bytes = 64 << 10;
    /// How long a request may take when the client asks for no shorter deadline, beside what it asks to be
    /// waited for.
    std::chrono::milliseconds request_deadline{5'000};
    /// How long after its deadline a handler may still answer; then the client gets 504 without it.
    std::chrono::milliseconds late_answer_grace{500};
};

/// What all servers of a process share.
struct ProcessLimits {
    /// Open connections; one more is answered 503 and closed.
    std::size_t connections = 4096;
    /// How many of `connections` only reserved servers (ServerOptions::reserved) may take.
    std::size_t reserved_connections = 64;
    /// Requests that have a handler running; one more is answered 503 with Retry-After.
    /// Requests of reserved servers are neither counted nor refused.
    std::size_t in_flight = 1024;
    /// Of these, requests that have more time than Limits::request_deadline because they ask to be waited for
    /// (RouteOptions::asked_wait); one more has no more time than others.
    std::size_t waiting = 256;
};

}  // namespace lintel::http
