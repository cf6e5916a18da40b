#include "lintel/service/common_settings.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "lintel/core/error.hpp"
#include "lintel/messaging/check_options.hpp"

namespace lintel::service {
namespace {

/// The largest item of a list has 16 KiB each of attributes and metadata and fits into the smallest message.
constexpr std::size_t kSmallestMessage = 64U << 10;
/// What a message needs beside a page: its headers and a NestJS envelope.
constexpr std::size_t kMessageReserve = 8U << 10;
/// The contracts promise no longer pages.
constexpr std::size_t kLongestPage = 200;
/// What goes over a network, to and fro, needs more than Settings::kShortest.
constexpr std::chrono::milliseconds kShortestTrip{100};
/// Documents are written and freed by recursion.
constexpr std::size_t kDeepestJson = 1024;

std::string default_replica()
{
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
    return std::string(host.data()) + "-" + std::to_string(getpid());
}

[[noreturn]] void refuse(const std::string& what)
{
    throw core::Error(core::ErrorCode::invalid, what);
}

void expect_address(std::string_view name, const std::string& host)
{
    std::array<unsigned char, sizeof(in6_addr)> address{};
    if (inet_pton(AF_INET, host.c_str(), address.data()) != 1 &&
        inet_pton(AF_INET6, host.c_str(), address.data()) != 1)
        refuse(std::string(name) + " is '" + host +
               "'; it must be an IP address such as 127.0.0.1 or 0.0.0.0");
}

void expect_readable(std::string_view name, const std::string& file)
{
    if (!file.empty() && access(file.c_str(), R_OK) != 0)
        refuse(std::string(name) + " is '" + file + "', which cannot be read: " + std::strerror(errno));
}

}  // namespace

void CommonSettings::declare(Settings& settings, bool serves_rest)
{
    settings.add("REPLICA", replica,
                 "Name of this process among its kind; made of host and process id when empty.");
    if (serves_rest) declare_rest(settings);
    settings.add("OPS_HOST", ops.host, "Address of the ops listener: health and metrics.");
    settings.add("OPS_PORT", ops.port, "Port of the ops listener.");
    declare_messaging(settings);
    declare_database(settings);
    declare_log(settings);
    settings.add("IO_THREADS", io_threads, "Threads that requests continue on.", 1U);
    settings.add("REQUEST_DEADLINE", request_deadline,
                 "How long a request may take when its caller asks for no less.", Settings::kShortest);
    settings.add("REQUEST_DEADLINE_MAX", endpoints.max_deadline,
                 "The most that a caller over NATS may ask for.", Settings::kShortest);
    settings.add("JSON_MAX_DEPTH", json_depth, "Levels of a JSON document in a request.", std::size_t{1},
                 kDeepestJson);
    settings.add("LIST_MAX_ITEMS", pages.items, "Items on a page of a list, however many are asked for.",
                 std::size_t{1}, kLongestPage);
    settings.add("DRAIN_DELAY", drain_delay, "From not ready to the first thing that stops.");
    settings.add("DRAIN_TIMEOUT", drain_timeout, "How long a stop waits for what is under way.",
                 kShortestTrip);
}

void CommonSettings::declare_rest(Settings& settings)
{
    settings.add("HTTP_HOST", rest.host, "Address of the REST listener.");
    settings.add("HTTP_PORT", rest.port, "Port of the REST listener.");
    settings.add("HTTP_REUSE_PORT", rest.reuse_port,
                 "Whether several processes may serve that port (SO_REUSEPORT).");
    settings.add("HTTP_MAX_BODY", rest.limits.body_bytes, "Bytes of a request body.", std::size_t{1});
    settings.add("HTTP_MAX_HEADERS", rest.limits.header_bytes, "Bytes of a request's headers.",
                 std::size_t{256});
    settings.add("HTTP_HEADER_TIMEOUT", rest.limits.header_timeout, "Until a request's headers are complete.",
                 kShortestTrip);
    settings.add("HTTP_BODY_TIMEOUT", rest.limits.body_timeout, "Until a request's body is complete.",
                 kShortestTrip);
    settings.add("HTTP_IDLE_TIMEOUT", rest.limits.idle_timeout, "Between two requests of a connection.",
                 kShortestTrip);
    settings.add("HTTP_WRITE_TIMEOUT", rest.limits.write_timeout,
                 "For a client that does not read its response.", kShortestTrip);
    settings.add("HTTP_LINGER_TIMEOUT", rest.limits.linger_timeout,
                 "After the last response of a connection, for what its client still sends.");
    settings.add("HTTP_MAX_PIPELINE", rest.limits.pipeline_depth,
                 "Pipelined requests answered before a write.", std::size_t{1});
    settings.add("HTTP_MAX_CONNECTIONS", process_limits.connections, "Open connections of the process.",
                 std::size_t{1});
    settings.add("HTTP_RESERVED_CONNECTIONS", process_limits.reserved_connections,
                 "Of these, kept for the ops listener.");
    settings.add("HTTP_MAX_IN_FLIGHT", process_limits.in_flight, "Requests being handled at once.",
                 std::size_t{1});
    settings.add("HTTP_MAX_WAITING", process_limits.waiting,
                 "Of these, requests that may wait beyond REQUEST_DEADLINE because they ask to.");
    settings.add("METRICS_ON_REST", metrics_on_rest, "Whether the REST port serves /metrics too.");
    settings.add("API_TOKENS", api_tokens,
                 "Bearer tokens that may use the API, separated by commas; none lets everybody.");
    settings.mark_secret("API_TOKENS");
}

void CommonSettings::declare_messaging(Settings& settings)
{
    settings.add("NATS_URL", nats.url, "NATS servers, separated by commas.");
    settings.add("NATS_CREDS", nats.creds_file, "File with NATS credentials (user JWT and seed).");
    settings.add("NATS_CA", nats.ca_file, "File with the CA certificates of the NATS server; turns TLS on.");
    settings.add("NATS_PENDING", nats.pending_max, "Messages that may wait for one subscription.", 1);
    settings.add("NATS_MAX_PAYLOAD", nats.max_payload,
                 "Bytes of a message with its headers; no more than the broker's max_payload.",
                 kSmallestMessage, messaging::ConnectionOptions().outgoing_bytes_max);
    settings.add("NATS_MAX_HANDLED", endpoints.max_in_flight,
                 "Requests of one subject being handled at once; more are refused.", std::size_t{1});
    settings.add("NATS_MAX_REFUSALS", endpoints.max_refusals,
                 "Refusals of one subject waiting to be sent; beyond it requests are dropped.");
    settings.add("NATS_MAX_IN_FLIGHT", client.max_in_flight,
                 "Requests of this process that may wait for an answer.", std::size_t{1});
    settings.add("NATS_PING_INTERVAL", nats.ping_interval,
                 "How often the broker is asked for a sign of life.", kShortestTrip);
    settings.add("NATS_PING_TIMEOUT", nats.ping_timeout, "How long it may take to give one.", kShortestTrip);
    settings.add("NATS_CONNECT_TIMEOUT", nats.connect_timeout, "How long one attempt to connect may take.",
                 kShortestTrip);
    settings.add("NATS_WRITE_TIMEOUT", nats.write_deadline,
                 "After how long a broker that takes no bytes is given up.", kShortestTrip);
    settings.add("NATS_MAX_OUTGOING", nats.outgoing_bytes_max,
                 "Bytes of messages that may wait to be sent; more are refused.", kSmallestMessage);
    settings.mark_secret("NATS_URL");
}

void CommonSettings::declare_database(Settings& settings)
{
    settings.add("DATABASE_URL", database.url,
                 "Postgres of this service: postgresql://user:password@host:port/name.");
    settings.mark_secret("DATABASE_URL");
    settings.add("DATABASE_CONNECTIONS", database.connections, "Connections, each with its thread.",
                 std::size_t{1});
    settings.add("DATABASE_QUEUE", database.queue_limit, "Calls that may wait for a connection.",
                 std::size_t{1});
    settings.add("DATABASE_BATCH", database.batch_items, "Requests that share one statement.",
                 std::size_t{1});
    settings.add("DATABASE_BATCH_QUEUE", database.batch_queue_limit,
                 "Requests that may wait to share one; of each kind of statement.", std::size_t{1});
    // To Postgres zero is no limit.
    settings.add("DATABASE_STATEMENT_TIMEOUT", database.statement_timeout, "How long a statement may take.",
                 Settings::kShortest);
    settings.add("DATABASE_LOCK_TIMEOUT", database.lock_timeout, "How long a statement may wait for a lock.",
                 Settings::kShortest);
    settings.add("MIGRATE", migrate, "Whether the schema is brought up to date at the start.");
}

void CommonSettings::declare_log(Settings& settings)
{
    using telemetry::LogFormat;
    using telemetry::LogLevel;
    using Mode = telemetry::RequestLogOptions::Mode;
    settings.add_choice("LOG_LEVEL", log.level,
                        {{"debug", LogLevel::debug},
                         {"info", LogLevel::info},
                         {"warn", LogLevel::warn},
                         {"error", LogLevel::error},
                         {"off", LogLevel::off}},
                        "The least important events that are logged.");
    settings.add_choice("LOG_FORMAT", log.format, {{"json", LogFormat::json}, {"text", LogFormat::text}},
                        "One JSON object a line, or text for people.");
    settings.add_choice("LOG_REQUESTS", rest.request_log.mode,
                        {{"errors", Mode::errors}, {"sample", Mode::sample}, {"all", Mode::all}},
                        "Which requests are logged; slow and failed ones always are.");
    settings.add("LOG_SAMPLE", rest.request_log.sample_every, "With LOG_REQUESTS=sample: one in so many.");
    settings.add("LOG_SLOW", rest.request_log.slow, "What takes longer is slow.");
    settings.add("LOG_CLIENT_ERRORS", rest.request_log.client_errors_per_second,
                 "Lines a second about requests that failed by their callers' fault or were turned away.");
}

void CommonSettings::complete(const std::string& service)
{
    if (database.url.empty())
        refuse("DATABASE_URL is not set; it must be postgresql://user:password@host:port/name");
    expect_address("HTTP_HOST", rest.host);
    expect_address("OPS_HOST", ops.host);
    expect_readable("NATS_CREDS", nats.creds_file);
    expect_readable("NATS_CA", nats.ca_file);
    messaging::check_options(nats);
    if (endpoints.max_deadline < request_deadline)
        refuse("REQUEST_DEADLINE_MAX is less than REQUEST_DEADLINE; it must be at least as long");
    if (nats.outgoing_bytes_max < nats.max_payload)
        refuse("NATS_MAX_OUTGOING is less than NATS_MAX_PAYLOAD; it must hold a message");
    if (process_limits.connections <= process_limits.reserved_connections)
        refuse("HTTP_MAX_CONNECTIONS is " + std::to_string(process_limits.connections) +
               "; it must be more than HTTP_RESERVED_CONNECTIONS, which is " +
               std::to_string(process_limits.reserved_connections));
    if (replica.empty()) replica = default_replica();
    log.service = service;
    log.replica = replica;
    nats.name = service + "/" + replica;
    database.name = service;
    rest.limits.request_deadline = request_deadline;
    rest.limits.json_depth = endpoints.json.depth = json_depth;
    endpoints.json.bytes = client.json.bytes = nats.max_payload;
    pages.bytes = nats.max_payload - kMessageReserve;
    rest.authorize = http::bearer_tokens(api_tokens);
    ops.reserved = true;
    ops.request_log = rest.request_log;
    ops.request_log.mode = telemetry::RequestLogOptions::Mode::errors;
    endpoints.default_deadline = request_deadline;
    endpoints.request_log = rest.request_log;
    client.slow_after = rest.request_log.slow;
}

}  // namespace lintel::service
