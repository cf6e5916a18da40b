#include "engine/exchange.hpp"

#include <utility>

#include "engine/connection.hpp"
#include "lintel/http/problem.hpp"

namespace lintel::http::engine {

Exchange::Exchange(std::shared_ptr<Connection> connection, std::uint64_t number, IncomingMessage&& message)
    : connection_(std::move(connection)), number_(number), message_(std::move(message))
{
}

Exchange::~Exchange()
{
    if (answered_.load(std::memory_order_acquire)) return;
    reply(problem(core::Error(core::ErrorCode::internal, "the request was dropped"), {}, {}));
}

const std::string& Exchange::peer() const noexcept
{
    return connection_->peer();
}

void Exchange::answer_by(core::Deadline deadline, const telemetry::Trace& trace)
{
    connection_->answer_by(deadline, trace);
}

bool Exchange::reply(Response&& response, SentHandler on_sent)
{
    if (answered_.exchange(true, std::memory_order_acq_rel)) return false;
    connection_->answer(number_, std::move(response), std::move(on_sent));
    return true;
}

}  // namespace lintel::http::engine
