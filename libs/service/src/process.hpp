#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

#include "lintel/http/runtime.hpp"
#include "lintel/http/server.hpp"
#include "lintel/service/host.hpp"
#include "signals.hpp"

namespace lintel::service {

/// The one Host there is: it owns the parts of a process and knows the order in which they start and stop.
class Process final : public Host {
public:
    Process(const ServiceInfo& info, CommonSettings settings, StopSignals& signals);
    ~Process() override;

    /// Everything between the settings and the exit status.
    int serve(const BuildApplication& build);

    const CommonSettings& settings() const noexcept override { return settings_; }
    core::Executor& executor() noexcept override { return runtime_.executor(); }
    telemetry::Metrics& metrics() noexcept override { return metrics_; }
    Health& health() noexcept override { return health_; }
    storage::Pool& database() noexcept override { return *database_; }
    messaging::Client& client() noexcept override { return *client_; }
    messaging::Service& endpoints() noexcept override { return *endpoints_; }
    http::Router& routes() noexcept override { return routes_; }
    void on_drain(std::function<void()> hook) override { drain_hooks_.push_back(std::move(hook)); }
    void on_stop(StopHook hook) override { stop_hooks_.push_back(std::move(hook)); }
    void every(std::chrono::milliseconds interval, std::string name, PeriodicWork work) override;

private:
    void start_ops();
    /// Returns with the schema up to date; false when the process was asked to stop meanwhile.
    bool migrate_when_possible();
    void open_database();
    void open_messaging();
    void start_serving();
    void stop();
    /// Joins the queue groups while the database is there, leaves them while it is away.
    void take_part_or_not();
    void close_listeners();
    /// False when some were still under way at the deadline.
    bool drain_requests(core::Deadline deadline);

    const ServiceInfo& info_;
    const CommonSettings settings_;
    StopSignals& signals_;
    http::Runtime runtime_;
    telemetry::Metrics metrics_;
    Health health_;
    std::atomic<bool> is_migrated_ = false;
    http::Router routes_;
    std::optional<http::Server> ops_;
    std::optional<storage::Pool> database_;
    std::optional<messaging::Connection> connection_;
    std::optional<messaging::Client> client_;
    std::optional<messaging::Service> endpoints_;
    std::optional<http::Server> rest_;
    std::mutex taking_part_;
    bool is_draining_ = false;
    std::vector<std::function<void()>> drain_hooks_;
    std::vector<StopHook> stop_hooks_;
    std::shared_ptr<void> application_;
};

}  // namespace lintel::service
