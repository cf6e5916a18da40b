#include "session.hpp"

#include "lintel/telemetry/log.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {

using Clock = core::Deadline::Clock;

Session::Session(storage::Pool& pool, telemetry::Metrics& metrics, Options options)
    : pool_(pool),
      options_(std::move(options)),
      losses_(metrics.counter("lintel_workflow_sessions_lost_total",
                              "Leases of this worker that ran out and were declared lost."))
{
}

core::Task<void> Session::renew(telemetry::Context context)
{
    if (is_closed()) co_return;
    auto id = this->id();
    auto rows = co_await renew_row(context, id);
    if (rows.empty() && !id.is_nil()) {
        losses_.add();
        telemetry::log(telemetry::LogLevel::warn, "the lease was lost; what was claimed is done by others",
                       {{"sessionId", id.to_string()}});
        {
            std::lock_guard lock(mutex_);
            id_ = core::Id();
        }
        id = core::Id();
        rows = co_await renew_row(context, id);
    }
    if (rows.empty()) co_return;
    renewed(rows[0].get<core::Id>("id"), rows[0].get<core::Timestamp>("now"));
}

core::Task<storage::Rows> Session::renew_row(telemetry::Context context, core::Id id)
{
    if (!id.is_nil())
        co_return co_await pool_.query(std::move(context), sql::renew_session, id, options_.lease.count());
    const auto fresh = core::Id::generate();
    co_return co_await pool_.query(std::move(context), sql::open_session, fresh, options_.replica,
                                   options_.lease.count());
}

void Session::renewed(core::Id id, core::Timestamp database_now)
{
    std::lock_guard lock(mutex_);
    if (is_closed_) return;
    const auto now = Clock::now();
    if (id_ != id || now - renewed_at_ > 2 * options_.renewal + std::chrono::milliseconds(500))
        steady_since_ = now;
    id_ = id;
    renewed_at_ = now;
    // As if the server had looked at its clock this moment: never ahead.
    database_then_ = database_now;
}

core::Task<void> Session::close(telemetry::Context context)
{
    core::Id id;
    {
        std::lock_guard lock(mutex_);
        is_closed_ = true;
        id = std::exchange(id_, core::Id());
    }
    if (!id.is_nil()) co_await pool_.execute(std::move(context), sql::close_session, id);
}

bool Session::is_closed() const
{
    std::lock_guard lock(mutex_);
    return is_closed_;
}

core::Id Session::id() const
{
    std::lock_guard lock(mutex_);
    return id_;
}

core::Timestamp Session::now() const
{
    std::lock_guard lock(mutex_);
    if (!database_then_) return core::now();
    return *database_then_ +
           std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - renewed_at_);
}

bool Session::may_judge_others() const
{
    std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    return !id_.is_nil() && now - renewed_at_ < 2 * options_.renewal && now - steady_since_ >= options_.lease;
}

}  // namespace lintel::workflows
