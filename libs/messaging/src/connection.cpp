#include "lintel/messaging/connection.hpp"

#include "connection_state.hpp"

namespace lintel::messaging {

Connection::Connection(core::Executor& executor, telemetry::Metrics& metrics, ConnectionOptions options)
    : state_(std::make_unique<State>(executor, metrics, std::move(options)))
{
}

Connection::~Connection() = default;

bool Connection::is_connected() const noexcept
{
    return state_->is_connected();
}

void Connection::on_state_change(std::function<void(bool)> listener)
{
    state_->on_state_change(std::move(listener));
}

core::Task<void> Connection::flush(core::Deadline deadline)
{
    return state_->flush(deadline);
}

void Connection::close()
{
    state_->close();
}

core::Executor& Connection::executor() const noexcept
{
    return state_->executor;
}

telemetry::Metrics& Connection::metrics() const noexcept
{
    return state_->metrics;
}

}  // namespace lintel::messaging
