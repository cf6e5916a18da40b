#include "waiters.hpp"

#include "lintel/core/error.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::messaging {

using core::Error;
using core::ErrorCode;

namespace {

constexpr const char* kNoAnswer = "no answer within the deadline; whether the request has run is unknown";

std::exception_ptr not_delivered(const std::string& subject, const char* reason)
{
    return std::make_exception_ptr(
        Error(ErrorCode::unavailable, "not delivered to '" + subject + "': " + reason));
}

}  // namespace

Attempts::Attempts(std::shared_ptr<ClientState> state, Outgoing message)
    : state_(std::move(state)), message_(std::move(message)), done_(state_->connection.executor)
{
}

void Attempts::send()
{
    auto& inbox = state_->connection.inbox();
    Outgoing message = message_;
    {
        std::lock_guard lock(mutex_);
        if (ended_) return;
        message.token = inbox.add(shared_from_this(), Inbox::Answers::one);
        tokens_.push_back(message.token);
    }
    message.reply = inbox.subject_of(message.token);
    const auto token = message.token;
    try {
        state_->send(std::move(message));
    } catch (const Error&) {
        forget(token);
        throw;
    }
}

void Attempts::forget(std::uint64_t token)
{
    state_->connection.inbox().withdraw(token);
    {
        std::lock_guard lock(mutex_);
        std::erase(tokens_, token);
        if (tokens_.empty() || undelivered_ < tokens_.size()) return;
    }
    done_.set_error(not_delivered(message_.subject, "no attempt reached anybody"));
}

Attempts::Hedging Attempts::send_again_every(std::chrono::milliseconds wait, int times,
                                             core::Deadline deadline)
{
    if (wait.count() > 0) {
        std::lock_guard lock(mutex_);
        hedges_left_ = times;
        schedule_next(wait, deadline);
    }
    return Hedging(shared_from_this());
}

void Attempts::schedule_next(std::chrono::milliseconds wait, core::Deadline deadline)
{
    const auto at = core::Deadline::after(wait);
    if (ended_ || hedges_left_ <= 0 || at >= deadline) return;
    --hedges_left_;
    timer_ = state_->connection.executor.call_at(
        at, [self = shared_from_this(), wait, deadline] { self->send_again(wait, deadline); });
}

void Attempts::send_again(std::chrono::milliseconds wait, core::Deadline deadline)
{
    if (done_.is_settled()) return;
    try {
        send();
    } catch (const Error& error) {
        // The first attempt is still out there; it decides.
        telemetry::log(telemetry::LogLevel::info, "request not sent again",
                       {{"subject", message_.subject}, {"detail", error.what()}});
    }
    std::lock_guard lock(mutex_);
    schedule_next(wait, deadline);
}

void Attempts::end()
{
    std::vector<std::uint64_t> tokens;
    core::TimerHandle timer;
    {
        std::lock_guard lock(mutex_);
        ended_ = true;
        tokens.swap(tokens_);
        timer = std::exchange(timer_, {});
    }
    timer.cancel();
    for (const auto token : tokens)
        state_->connection.inbox().give_up(token);
}

core::Task<Incoming> Attempts::answer(core::Deadline deadline)
{
    co_return co_await done_.wait(deadline, kNoAnswer);
}

bool Attempts::on_reply(Incoming reply, core::Burst& burst)
{
    done_.set_value(std::move(reply), burst);
    return false;
}

void Attempts::on_undelivered(const char* reason, core::Burst& burst)
{
    {
        std::lock_guard lock(mutex_);
        if (++undelivered_ < tokens_.size()) return;
    }
    done_.set_error(not_delivered(message_.subject, reason), burst);
}

AnswerStream::AnswerStream(std::shared_ptr<ClientState> state, Outgoing message)
    : state_(std::move(state)), message_(std::move(message))
{
}

void AnswerStream::send()
{
    auto& inbox = state_->connection.inbox();
    message_.token = inbox.add(shared_from_this(), Inbox::Answers::many);
    message_.reply = inbox.subject_of(message_.token);
    try {
        state_->send(message_);
    } catch (const Error&) {
        end();
        throw;
    }
}

void AnswerStream::end()
{
    state_->connection.inbox().give_up(message_.token);
}

core::Task<Incoming> AnswerStream::next(core::Deadline deadline)
{
    while (true) {
        core::Completion<bool> arrived(state_->connection.executor);
        {
            std::lock_guard lock(mutex_);
            if (!queue_.empty()) {
                auto reply = std::move(queue_.front());
                queue_.pop_front();
                co_return std::move(reply);
            }
            if (failure_) std::rethrow_exception(failure_);
            reader_ = arrived;
        }
        co_await arrived.wait(deadline, kNoAnswer);
    }
}

bool AnswerStream::on_reply(Incoming reply, core::Burst& burst)
{
    std::lock_guard lock(mutex_);
    const bool has_room = queue_.size() < kQueuedMax;
    if (has_room)
        queue_.push_back(std::move(reply));
    else
        failure_ =
            std::make_exception_ptr(Error(ErrorCode::internal, "the answers come faster than they are read"));
    if (reader_) reader_->set_value(true, burst);
    reader_.reset();
    return has_room;
}

void AnswerStream::on_undelivered(const char* reason, core::Burst& burst)
{
    std::lock_guard lock(mutex_);
    failure_ = not_delivered(message_.subject, reason);
    if (reader_) reader_->set_value(true, burst);
    reader_.reset();
}

}  // namespace lintel::messaging
