#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lintel/core/task.hpp"
#include "lintel/http/router.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/service.hpp"
#include "lintel/service/common_settings.hpp"
#include "lintel/service/health.hpp"
#include "lintel/storage/pool.hpp"
#include "lintel/storage/query.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::service {

/// What a service is, before any setting.
struct ServiceInfo {
    /// `main`, `workflows`, ...; also the name in the NATS services protocol (ADR-32).
    std::string name;
    std::string description;
    std::span<const storage::Migration> migrations;
    std::uint16_t ops_port = 0;
    /// Whether it has a REST listener.
    bool serves_rest = false;
};

/// The running parts of a process, as its composition root sees them. All of them live until the application
/// built on them is gone.
class Host {
public:
    virtual ~Host() = default;

    virtual const CommonSettings& settings() const noexcept = 0;
    virtual core::Executor& executor() noexcept = 0;
    virtual telemetry::Metrics& metrics() noexcept = 0;
    virtual Health& health() noexcept = 0;
    virtual storage::Pool& database() noexcept = 0;
    virtual messaging::Client& client() noexcept = 0;
    /// Where endpoints are added; it starts once the application is built.
    virtual messaging::Service& endpoints() noexcept = 0;
    /// Where REST routes are added.
    virtual http::Router& routes() noexcept = 0;

    /// Called when the process begins to stop, before it waits for the requests under way: to let those go
    /// that only wait for something to happen. Must neither block nor throw.
    virtual void on_drain(std::function<void()> hook) = 0;

    /// Called when no request is under way any more, in the reverse order of their addition: for relays and
    /// other work of the application's own. Must end by the deadline.
    using StopHook = std::function<core::Task<void>(core::Deadline)>;
    virtual void on_stop(StopHook hook) = 0;

    /// Housekeeping: runs `work` every `interval`, for the first time after one; `name` is for the log. It
    /// stops by itself before the application goes.
    using PeriodicWork = std::function<core::Task<void>(telemetry::Context)>;
    virtual void every(std::chrono::milliseconds interval, std::string name, PeriodicWork work) = 0;
};

/// Called with the process's settings before they are read, to add the service's own.
using DeclareSettings = std::function<void(Settings&)>;
/// Builds the application on a host: endpoints, routes, and whatever they need. What it returns is kept until
/// the process has drained.
using BuildApplication = std::function<std::shared_ptr<void>(Host&)>;

/// Runs a service from its start to its end: reads settings, opens the ops listener, migrates, builds the
/// application, serves, and after SIGTERM or SIGINT drains in the order that loses nothing. Returns the exit
/// status of the process.
///
/// Also understands --help, --version, --migrate-only (exit once the schema is up to date) and --healthcheck
/// (asks the process that runs with the same settings whether it is ready). Call it first in `main`, from its
/// only thread.
int run(int argc, const char* const* argv, const ServiceInfo& info, const DeclareSettings& declare,
        const BuildApplication& build);

/// `Application` is constructed with (Host&, const Application::Options&); Options has `void
/// declare(Settings&)`.
template <typename Application>
int run(int argc, const char* const* argv, const ServiceInfo& info)
{
    typename Application::Options options;
    return run(
        argc, argv, info, [&](Settings& settings) { options.declare(settings); },
        [&](Host& host) { return std::make_shared<Application>(host, options); });
}

}  // namespace lintel::service
