#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/io_context.hpp>

#include "engine/endpoint.hpp"
#include "lintel/core/gate.hpp"
#include "lintel/http/limits.hpp"

namespace web::http::experimental::details {
class http_server;
}
namespace web::http::experimental::listener::details {
class http_listener_impl;
}

namespace lintel::http::engine {

class ListenerSet;

/// What stands behind cpprestsdk's http_listener in this process: finds, or makes, the endpoint of a
/// listener's address and hands requests to the listener of the longest matching path. Thread-safe.
class Engine : public std::enable_shared_from_this<Engine> {
public:
    using Listener = web::http::experimental::listener::details::http_listener_impl;

    Engine(boost::asio::io_context& context, const ProcessLimits& limits);
    ~Engine();

    /// What cpprestsdk takes through http_server_api; may be asked for again after cpprestsdk dropped the
    /// last one.
    std::unique_ptr<web::http::experimental::details::http_server> make_backend();

    struct Binding {
        std::shared_ptr<Endpoint> endpoint;
        /// What to open the http_listener with.
        std::string uri;
    };
    /// Binds an address with options of its own, ahead of the listener that will serve it. That listener's
    /// requests carry an ExchangeContext and nothing else: see exchange_of().
    Binding bind(EndpointOptions options);
    /// Takes a binding back whose listener was not opened.
    void unbind(const Binding& binding);

    void open_listener(Listener& listener);
    void close_listener(Listener& listener);
    void close_all();

    core::Gate& in_flight() noexcept { return in_flight_; }
    core::Gate& waiting() noexcept { return waiting_; }
    boost::asio::io_context& context() noexcept { return context_; }

    /// The host of a listener that is registered for its own sake: as long as it is open, cpprestsdk keeps
    /// the backend, which it would otherwise drop with the last listener and replace by its own at the next
    /// open().
    static constexpr const char* kAnchorHost = "anchor.invalid";

private:
    struct Slot;

    boost::asio::io_context& context_;
    const std::shared_ptr<ConnectionQuota> quota_;
    core::Gate in_flight_;
    core::Gate waiting_;
    std::mutex mutex_;
    std::map<std::string, Slot> slots_;
};

}  // namespace lintel::http::engine
