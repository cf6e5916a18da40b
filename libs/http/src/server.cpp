#include "lintel/http/server.hpp"

#include <optional>
#include <utility>

#include <cpprest/http_listener.h>

#include "engine/bridge.hpp"
#include "engine/engine.hpp"
#include "lintel/core/error.hpp"
#include "lintel/telemetry/log.hpp"
#include "service_point.hpp"

namespace lintel::http {

using web::http::http_request;
using web::http::methods;
using web::http::experimental::listener::http_listener;

class Server::State {
public:
    State(Runtime& runtime, telemetry::Metrics& metrics, Router router, ServerOptions options)
        : runtime_(runtime),
          metrics_(metrics),
          options_(std::move(options)),
          service_(std::make_shared<ServicePoint>(metrics, runtime.engine().in_flight(),
                                                  runtime.engine().waiting(), std::move(router), options_))
    {
    }

    void start()
    {
        engine::EndpointOptions endpoint;
        endpoint.host = options_.host;
        endpoint.port = options_.port;
        endpoint.reuse_port = options_.reuse_port;
        endpoint.backlog = options_.backlog;
        endpoint.reserved = options_.reserved;
        endpoint.limits = options_.limits;
        endpoint.on_refused = [service = service_](const engine::RefusedRequest& request) {
            service->refused(request);
        };
        const auto binding = runtime_.engine().bind(std::move(endpoint));
        endpoint_ = binding.endpoint;
        export_gauges();
        open(binding);
        telemetry::log(telemetry::LogLevel::info, "listening", {{"host", options_.host}, {"port", port()}});
    }

    std::uint16_t port() const noexcept { return endpoint_ ? endpoint_->port() : std::uint16_t{0}; }

    bool drain(core::Deadline deadline)
    {
        if (!listener_) return true;
        endpoint_->drain();
        const bool is_idle = endpoint_->wait_until_idle(deadline);
        return core::sync_wait(service_->drain(runtime_.executor(), deadline)) && is_idle;
    }

    void close() noexcept
    {
        if (!listener_) return;
        try {
            listener_->close().wait();
        } catch (const std::exception& error) {
            telemetry::log(telemetry::LogLevel::error, "closing a listener failed",
                           {{"error", error.what()}});
        }
        listener_.reset();
    }

private:
    void open(const engine::Engine::Binding& binding)
    {
        listener_.emplace(web::uri(binding.uri));
        const auto accept = [service = service_](const http_request& request) {
            service->accept(engine::exchange_of(request));
        };
        listener_->support(accept);
        // cpprestsdk answers these two by itself unless it is told otherwise.
        listener_->support(methods::OPTIONS, accept);
        listener_->support(methods::TRCE, accept);
        try {
            listener_->open().wait();
        } catch (...) {
            listener_.reset();
            runtime_.engine().unbind(binding);
            throw;
        }
    }

    void export_gauges()
    {
        const telemetry::Labels labels = {{"server_port", std::to_string(port())}};
        auto active =
            metrics_.gauge("http_server_active_requests", "Requests that are being served.", labels);
        auto open = metrics_.gauge("http_server_open_connections", "Connections that are open.", labels);
        metrics_.before_render([active, open, service = service_, endpoint = endpoint_]() mutable {
            active.set(static_cast<double>(service->active_requests()));
            open.set(static_cast<double>(endpoint->open_connections()));
        });
    }

    Runtime& runtime_;
    telemetry::Metrics& metrics_;
    const ServerOptions options_;
    const std::shared_ptr<ServicePoint> service_;
    std::shared_ptr<engine::Endpoint> endpoint_;
    std::optional<http_listener> listener_;
};

Server::Server(Runtime& runtime, telemetry::Metrics& metrics, Router router, ServerOptions options)
    : state_(std::make_shared<State>(runtime, metrics, std::move(router), std::move(options)))
{
}

Server::~Server()
{
    close();
}

void Server::start()
{
    state_->start();
}

std::uint16_t Server::port() const noexcept
{
    return state_->port();
}

bool Server::drain(core::Deadline deadline)
{
    return state_->drain(deadline);
}

void Server::close() noexcept
{
    state_->close();
}

}  // namespace lintel::http
