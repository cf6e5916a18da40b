#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lintel/core/page_token.hpp"
#include "lintel/http/server.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/connection.hpp"
#include "lintel/messaging/service.hpp"
#include "lintel/service/settings.hpp"
#include "lintel/storage/pool.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::service {

/// What every process of Lintel can be told; the options of the libraries.
struct CommonSettings {
    std::string replica;
    unsigned io_threads = 2;
    http::ServerOptions rest;
    http::ServerOptions ops;
    http::ProcessLimits process_limits;
    bool metrics_on_rest = false;
    std::vector<std::string> api_tokens;
    messaging::ConnectionOptions nats;
    messaging::ClientOptions client;
    messaging::ServiceLimits endpoints;
    storage::PoolOptions database;
    /// Of every list, over REST and NATS. A page fits into a message; its bytes follow from NATS_MAX_PAYLOAD.
    core::PageLimits pages;
    bool migrate = true;
    telemetry::LogOptions log;
    std::size_t json_depth = core::JsonLimits().depth;
    std::chrono::milliseconds request_deadline{5'000};
    /// Between turning not ready and stopping anything, so that balancers and probes notice in time.
    std::chrono::milliseconds drain_delay{500};
    std::chrono::milliseconds drain_timeout{25'000};

    /// `serves_rest` adds the settings of the REST listener.
    void declare(Settings& settings, bool serves_rest);
    /// Fills in what follows from other settings; throws core::Error{invalid} for what does not fit together.
    void complete(const std::string& service);

private:
    void declare_rest(Settings& settings);
    void declare_messaging(Settings& settings);
    void declare_database(Settings& settings);
    void declare_log(Settings& settings);
};

}  // namespace lintel::service
