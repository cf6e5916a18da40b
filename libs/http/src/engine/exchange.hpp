#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/message.hpp"
#include "lintel/core/deadline.hpp"
#include "lintel/http/response.hpp"
#include "lintel/telemetry/context.hpp"

namespace lintel::http::engine {

class Connection;

/// One request and the right to answer it, once and from any thread. Keeps its connection alive, so that an
/// answer may come late: nobody reads it then, and nothing breaks. An exchange that is dropped unanswered
/// answers 500, so that no client waits for a handler that lost its request.
class Exchange {
public:
    /// Called once: true when the response has been handed to the kernel, false when the connection was lost.
    using SentHandler = std::function<void(bool)>;

    Exchange(std::shared_ptr<Connection> connection, std::uint64_t number, IncomingMessage&& message);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    IncomingMessage& message() noexcept { return message_; }
    const std::string& peer() const noexcept;

    /// Moves the moment at which the engine answers 504 by itself. Only before the handler first suspends.
    void answer_by(core::Deadline deadline, const telemetry::Trace& trace);

    /// False when it has been answered before.
    bool reply(Response&& response, SentHandler on_sent = {});

private:
    const std::shared_ptr<Connection> connection_;
    const std::uint64_t number_;
    IncomingMessage message_;
    std::atomic<bool> answered_{false};
};

}  // namespace lintel::http::engine
