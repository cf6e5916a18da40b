#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "engine/exchange.hpp"
#include "engine/refusal.hpp"
#include "lintel/core/executor.hpp"
#include "lintel/core/gate.hpp"
#include "lintel/http/router.hpp"
#include "lintel/http/server.hpp"
#include "request_metrics.hpp"
#include "route_table.hpp"

namespace lintel::http {

/// Takes one request after the other from the engine to its handler and the response back: decoding, trace
/// and deadline, routing, authorization, overload, errors, metrics and the access log. Thread-safe.
class ServicePoint : public std::enable_shared_from_this<ServicePoint> {
public:
    ServicePoint(telemetry::Metrics& metrics, core::Gate& in_flight, core::Gate& waiting, Router router,
                 const ServerOptions& options);

    /// Starts to serve on the calling thread. Never throws.
    void accept(std::shared_ptr<engine::Exchange> exchange);

    std::size_t active_requests() const noexcept { return active_.in_flight(); }
    core::Task<bool> drain(core::Executor& executor, core::Deadline deadline)
    {
        return active_.drain(executor, deadline);
    }
    /// Counts and logs what the engine has turned away.
    void refused(const engine::RefusedRequest& request) noexcept;

private:
    struct Job;

    static core::Task<void> serve(std::shared_ptr<ServicePoint> self,
                                  std::shared_ptr<engine::Exchange> exchange);
    core::Task<Response> respond(Job& job);
    void read_context(Job& job) const;
    void read_request(Job& job) const;
    void limit_time(Job& job, const Headers& headers, std::chrono::milliseconds longest) const;
    void grant_wait(Job& job) const;
    Response answer_without_handler(const Job& job) const;
    void finish(Job& job, Response&& response);
    void record(const Job& job, int status);
    void report(const Job& job, std::exception_ptr exception) const noexcept;

    const Router router_;
    const ServerOptions options_;
    core::Gate& in_flight_;
    core::Gate& waiting_;
    core::Gate active_;
    RequestMetrics metrics_;
    telemetry::RequestLog request_log_;
};

}  // namespace lintel::http
