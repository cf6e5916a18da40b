#include "lintel/http/runtime.hpp"

#include <atomic>
#include <optional>
#include <string>

#include <cpprest/details/http_server.h>
#include <cpprest/details/http_server_api.h>
#include <cpprest/http_listener.h>
#include <pplx/threadpool.h>

#include "engine/engine.hpp"
#include "lintel/core/error.hpp"

namespace lintel::http {
namespace {

using web::http::experimental::details::http_server_api;
using web::http::experimental::listener::http_listener;

/// The pool is cpprestsdk's and outlives every Runtime: its size is fixed by the first one.
std::atomic<unsigned> pool_threads{0};

boost::asio::io_context& pool(unsigned threads)
{
    unsigned started = 0;
    if (pool_threads.compare_exchange_strong(started, threads)) {
        try {
            crossplat::threadpool::initialize_with_threads(threads);
        } catch (const std::exception&) {
            pool_threads.store(0);
            throw core::Error(core::ErrorCode::internal,
                              "cpprestsdk's thread pool runs already: make the Runtime first in main");
        }
    } else if (started != threads) {
        throw core::Error(core::ErrorCode::internal, "the process already runs " + std::to_string(started) +
                                                         " HTTP threads and cannot change to " +
                                                         std::to_string(threads));
    }
    return crossplat::threadpool::shared_instance().service();
}

}  // namespace

struct Runtime::State {
    State(unsigned threads, const ProcessLimits& limits)
        : engine(std::make_shared<engine::Engine>(pool(threads), limits)),
          executor(engine->context()),
          anchor(web::uri(std::string("http://") + engine::Engine::kAnchorHost + ":1/"))
    {
        if (http_server_api::has_listener())
            throw core::Error(core::ErrorCode::internal,
                              "an http_listener is open: make the Runtime first in main");
        http_server_api::register_server_api(engine->make_backend());
        anchor.open().wait();
    }
    ~State() { anchor.close().wait(); }

    std::shared_ptr<engine::Engine> engine;
    core::Executor executor;
    http_listener anchor;
};

Runtime::Runtime(unsigned threads, const ProcessLimits& limits)
    : state_(std::make_unique<State>(threads, limits))
{
}
Runtime::~Runtime() = default;

core::Executor& Runtime::executor() noexcept
{
    return state_->executor;
}

engine::Engine& Runtime::engine() noexcept
{
    return *state_->engine;
}

}  // namespace lintel::http
