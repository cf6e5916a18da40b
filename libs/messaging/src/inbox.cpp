#include "inbox.hpp"

#include <charconv>

#include "lintel/core/id.hpp"

namespace lintel::messaging {
namespace {

std::string unique_prefix()
{
    // Not from nats.c, whose generator of 3.4.1 seeds itself with rand() (its issue #963).
    return "_INBOX." + core::Id::generate().to_string() + ".";
}

}  // namespace

Inbox::Inbox(core::Executor& executor, telemetry::Metrics& metrics)
    : executor_(executor),
      late_(metrics.counter("messaging_late_replies_total",
                            "Answers nobody waited for any more, and second answers to one request")),
      prefix_(unique_prefix())
{
}

std::uint64_t Inbox::add(std::shared_ptr<Waiter> waiter)
{
    std::lock_guard lock(mutex_);
    waiters_.emplace(++last_token_, std::move(waiter));
    return last_token_;
}

void Inbox::remove(std::uint64_t token)
{
    std::shared_ptr<Waiter> released;
    std::lock_guard lock(mutex_);
    if (const auto found = waiters_.find(token); found != waiters_.end()) {
        released = std::move(found->second);
        waiters_.erase(found);
    }
}

std::shared_ptr<Inbox::Waiter> Inbox::find(std::uint64_t token)
{
    std::lock_guard lock(mutex_);
    const auto found = waiters_.find(token);
    return found == waiters_.end() ? nullptr : found->second;
}

void Inbox::deliver(std::vector<Incoming> replies)
{
    core::Burst burst(executor_);
    for (auto& reply : replies)
        deliver_one(std::move(reply), burst);
}

void Inbox::deliver_one(Incoming reply, core::Burst& burst)
{
    const auto text = reply.subject().substr(prefix_.size());
    std::uint64_t token = 0;
    std::from_chars(text.data(), text.data() + text.size(), token);
    const auto waiter = find(token);
    if (!waiter) return late_.add();
    if (reply.is_no_responders()) {
        remove(token);
        waiter->on_undelivered("nobody is subscribed to it", burst);
    } else if (!waiter->on_reply(std::move(reply), burst)) {
        remove(token);
    }
}

void Inbox::undelivered(const std::vector<std::uint64_t>& tokens)
{
    core::Burst burst(executor_);
    for (const auto token : tokens) {
        const auto waiter = find(token);
        remove(token);
        if (waiter) waiter->on_undelivered("the connection to the broker was lost before it was sent", burst);
    }
}

}  // namespace lintel::messaging
