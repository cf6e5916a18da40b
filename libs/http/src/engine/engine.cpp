#include "engine/engine.hpp"

#include <stdexcept>
#include <utility>

#include <cpprest/details/http_server.h>
#include <cpprest/http_listener.h>
#include <boost/asio/ip/tcp.hpp>

#include "engine/bridge.hpp"
#include "engine/listener_set.hpp"

namespace lintel::http::engine {
namespace {

namespace rest = web::http;

/// What http_server_api owns. Everything completes before it returns: the caller waits under a global lock,
/// on a thread of the pool.
class Backend final : public rest::experimental::details::http_server {
public:
    explicit Backend(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

    pplx::task<void> start() override { return pplx::task_from_result(); }
    pplx::task<void> stop() override
    {
        engine_->close_all();
        return pplx::task_from_result();
    }
    pplx::task<void> register_listener(Engine::Listener* listener) override
    {
        engine_->open_listener(*listener);
        return pplx::task_from_result();
    }
    pplx::task<void> unregister_listener(Engine::Listener* listener) override
    {
        engine_->close_listener(*listener);
        return pplx::task_from_result();
    }
    pplx::task<void> respond(rest::http_response response) override
    {
        return send_response(std::move(response));
    }

private:
    const std::shared_ptr<Engine> engine_;
};

std::string key_of(const web::uri& uri)
{
    return uri.host() + ":" + std::to_string(uri.port());
}

std::string address_of(boost::asio::io_context& context, const std::string& host)
{
    if (host == "+" || host == "*") return "0.0.0.0";
    if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
    boost::asio::ip::tcp::resolver resolver(context);
    return resolver.resolve(host, "", boost::asio::ip::tcp::resolver::passive)
        ->endpoint()
        .address()
        .to_string();
}

EndpointOptions plain_options(boost::asio::io_context& context, const Engine::Listener& listener)
{
    EndpointOptions options;
    options.host = address_of(context, listener.uri().host());
    options.port = static_cast<std::uint16_t>(listener.uri().port());
    if (listener.configuration().backlog() > 0) options.backlog = listener.configuration().backlog();
    options.limits.request_deadline = std::chrono::seconds(listener.configuration().timeout());
    return options;
}

}  // namespace

struct Engine::Slot {
    std::shared_ptr<Endpoint> endpoint;
    std::shared_ptr<ListenerSet> listeners;
    bool is_started = false;
};

Engine::Engine(boost::asio::io_context& context, const ProcessLimits& limits)
    : context_(context),
      quota_(std::make_shared<ConnectionQuota>(limits)),
      in_flight_(limits.in_flight),
      waiting_(limits.waiting)
{
}

Engine::~Engine() = default;

std::unique_ptr<rest::experimental::details::http_server> Engine::make_backend()
{
    return std::make_unique<Backend>(shared_from_this());
}

Engine::Binding Engine::bind(EndpointOptions options)
{
    auto endpoint = std::make_shared<Endpoint>(context_, quota_, std::move(options));
    const std::string& host = endpoint->options().host;
    const bool is_v6 = host.find(':') != std::string::npos;
    std::string uri =
        "http://" + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(endpoint->port()) + "/";
    const std::lock_guard lock(mutex_);
    slots_[key_of(web::uri(uri))] = {endpoint, std::make_shared<ListenerSet>(true), false};
    return {std::move(endpoint), std::move(uri)};
}

void Engine::unbind(const Binding& binding)
{
    const std::lock_guard lock(mutex_);
    slots_.erase(key_of(web::uri(binding.uri)));
}

void Engine::open_listener(Listener& listener)
{
    const web::uri& uri = listener.uri();
    if (uri.host() == kAnchorHost) return;
    if (uri.scheme() != "http")
        throw std::invalid_argument("TLS ends in front of this server: use http, not https");
    const std::lock_guard lock(mutex_);
    auto slot = slots_.find(key_of(uri));
    if (slot == slots_.end()) {
        auto endpoint = std::make_shared<Endpoint>(context_, quota_, plain_options(context_, listener));
        Slot made{std::move(endpoint), std::make_shared<ListenerSet>(false), false};
        slot = slots_.emplace(key_of(uri), std::move(made)).first;
    }
    slot->second.listeners->add(listener);
    if (std::exchange(slot->second.is_started, true)) return;
    slot->second.endpoint->start([listeners = slot->second.listeners](std::shared_ptr<Exchange> exchange) {
        listeners->dispatch(std::move(exchange));
    });
}

void Engine::close_listener(Listener& listener)
{
    if (listener.uri().host() == kAnchorHost) return;
    std::unique_lock lock(mutex_);
    const auto slot = slots_.find(key_of(listener.uri()));
    if (slot == slots_.end()) return;
    const Slot closed = slot->second;
    if (!closed.listeners->remove(listener)) return;
    slots_.erase(slot);
    lock.unlock();
    closed.endpoint->close();
}

void Engine::close_all()
{
    const std::lock_guard lock(mutex_);
    for (auto& [key, slot] : slots_)
        slot.endpoint->close();
    slots_.clear();
}

}  // namespace lintel::http::engine
