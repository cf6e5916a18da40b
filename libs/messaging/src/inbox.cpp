#include "inbox.hpp"

#include <algorithm>
#include <charconv>

#include "lintel/core/id.hpp"

namespace lintel::messaging {
namespace {

std::string unique_prefix()
{
    // Not from nats.c, whose generator of 3.4.1 seeds itself with rand() (its issue #963).
    return "_INBOX." + core::Id::generate().to_string() + ".";
}

constexpr const char* kNobody = "nobody is subscribed to it";

/// A token says which lane its call has; one number more for none.
constexpr std::uint64_t kTokensPerCall = Inbox::kLanes + 1;

std::size_t lane_of(std::uint64_t token) noexcept
{
    return token % kTokensPerCall;
}

/// 0, which no call has, for a subject that is not ours.
std::uint64_t token_of(std::string_view subject) noexcept
{
    const auto text = subject.substr(subject.rfind('.') + 1);
    std::uint64_t token = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), token);
    return error == std::errc() && end == text.data() + text.size() ? token : 0;
}

}  // namespace

Inbox::Inbox(core::Executor& executor, telemetry::Metrics& metrics)
    : executor_(executor),
      late_(metrics.counter("messaging_late_replies_total",
                            "Answers nobody waited for any more, and second answers to one request")),
      prefix_(unique_prefix())
{
}

std::uint64_t Inbox::add(std::shared_ptr<Waiter> waiter, Answers answers)
{
    std::lock_guard lock(mutex_);
    const auto lane = answers == Answers::one ? free_lane() : kLanes;
    const auto token = ++calls_ * kTokensPerCall + lane;
    if (lane < kLanes) {
        lanes_[lane] = token;
        lanes_used_ = std::max(lanes_used_.load(), lane + 1);
    }
    waiters_.emplace(token, std::move(waiter));
    return token;
}

std::string Inbox::subject_of(std::uint64_t token) const
{
    const auto lane = lane_of(token);
    return prefix_ + (lane < kLanes ? std::to_string(lane) + "." : "") + std::to_string(token);
}

std::size_t Inbox::free_lane() const noexcept
{
    return static_cast<std::size_t>(std::ranges::find(lanes_, 0u) - lanes_.begin());
}

void Inbox::leave_lane(std::uint64_t token) noexcept
{
    const auto lane = lane_of(token);
    if (lane < kLanes && lanes_[lane] == token) lanes_[lane] = 0;
}

void Inbox::free_lanes()
{
    std::lock_guard lock(mutex_);
    lanes_.fill(0);
}

std::shared_ptr<Inbox::Waiter> Inbox::take(std::uint64_t token)
{
    std::lock_guard lock(mutex_);
    leave_lane(token);
    const auto found = waiters_.find(token);
    return found == waiters_.end() ? nullptr : waiters_.extract(found).mapped();
}

void Inbox::give_up(std::uint64_t token)
{
    std::shared_ptr<Waiter> released;
    std::lock_guard lock(mutex_);
    if (const auto found = waiters_.find(token); found != waiters_.end())
        released = waiters_.extract(found).mapped();
}

void Inbox::withdraw(std::uint64_t token)
{
    take(token);
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
    const auto token = token_of(reply.subject());
    const auto waiter = find(token);
    if (!waiter) {
        late_.add();
        take(token);
    } else if (reply.is_no_responders()) {
        take(token);
        waiter->on_undelivered(kNobody, burst);
    } else if (!waiter->on_reply(std::move(reply), burst)) {
        take(token);
    }
}

void Inbox::nobody_answers(std::size_t lane)
{
    core::Burst burst(executor_);
    std::uint64_t token = 0;
    {
        std::lock_guard lock(mutex_);
        token = lanes_[lane];
    }
    if (const auto waiter = take(token)) waiter->on_undelivered(kNobody, burst);
}

void Inbox::undelivered(const std::vector<std::uint64_t>& tokens)
{
    core::Burst burst(executor_);
    for (const auto token : tokens) {
        if (const auto waiter = take(token))
            waiter->on_undelivered("the connection to the broker was lost before it was sent", burst);
    }
}

}  // namespace lintel::messaging
