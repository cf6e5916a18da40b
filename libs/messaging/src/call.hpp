#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "client_state.hpp"
#include "lintel/core/error.hpp"

namespace lintel::messaging {

/// One call from its start to its outcome: it holds a place among the calls in flight, is measured and
/// logged. Throws Error{unavailable} when there is no place.
class Call {
public:
    Call(std::shared_ptr<ClientState> state, const telemetry::Context& context, std::string subject);

    /// Sends a request and waits for the one answer to it; throws the error that the answer is, if it is one.
    core::Task<Message> request(std::string payload, RequestOptions options);

    /// Sends a NestJS packet and waits for the last of the packets it is answered with.
    core::Task<nlohmann::json> request_nest(nlohmann::json data);

    void succeeded();
    void failed(const core::Error& error);

private:
    Outgoing make_message(std::string payload, const std::string& idempotency_key) const;
    void finished(std::string_view error, std::string_view detail);

    const std::shared_ptr<ClientState> state_;
    const telemetry::Context context_;
    const std::string subject_;
    const core::Deadline::Clock::time_point started_ = core::Deadline::Clock::now();
    const telemetry::Trace span_;
    const std::optional<core::Gate::Pass> pass_;
};

}  // namespace lintel::messaging
