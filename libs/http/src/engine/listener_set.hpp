#pragma once

#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include <cpprest/http_listener.h>

#include "engine/exchange.hpp"

namespace lintel::http::engine {

/// The http_listeners of one address, by path.
class ListenerSet {
public:
    using Listener = web::http::experimental::listener::details::http_listener_impl;

    /// `is_native`: the listener is a Server's and takes requests by their ExchangeContext.
    explicit ListenerSet(bool is_native) noexcept : is_native_(is_native) {}

    /// Throws std::invalid_argument when the path is taken.
    void add(Listener& listener);
    /// Returns when no thread is inside of the listener's handler any more; true when no listener is left.
    bool remove(Listener& listener);

    /// Answers 404 when no path matches. Never throws: a handler that does is answered for with 500.
    void dispatch(std::shared_ptr<Exchange> exchange) noexcept;

private:
    struct Entry {
        std::vector<std::string> segments;
        Listener* listener;
    };

    Listener* find(const std::vector<std::string>& segments) const noexcept;

    const bool is_native_;
    mutable std::shared_mutex mutex_;
    std::vector<Entry> entries_;
};

}  // namespace lintel::http::engine
