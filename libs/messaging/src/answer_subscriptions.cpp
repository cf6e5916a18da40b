#include "answer_subscriptions.hpp"

#include <utility>

namespace lintel::messaging {
namespace {

/// What the delivery thread of the subscription without lanes owns; it ends with that thread.
struct AnswerFeed {
    std::shared_ptr<Inbox> inbox;
    std::vector<Incoming> answers;
};

constexpr std::size_t kAnswersPerBurst = 256;

void on_answer(natsConnection*, natsSubscription* subscription, natsMsg* message, void* closure)
{
    auto& feed = *static_cast<AnswerFeed*>(closure);
    feed.answers.emplace_back(message);
    std::uint64_t more = 0;
    natsSubscription_QueuedMsgs(subscription, &more);
    if (more > 0 && feed.answers.size() < kAnswersPerBurst) return;
    feed.inbox->deliver(std::exchange(feed.answers, {}));
}

void on_end(void* closure)
{
    delete static_cast<AnswerFeed*>(closure);
}

SubscriptionHandle subscribe_feed(natsConnection* connection, const std::shared_ptr<Inbox>& inbox)
{
    auto feed = std::make_unique<AnswerFeed>();
    feed->inbox = inbox;
    natsSubscription* made = nullptr;
    check(natsConnection_Subscribe(&made, connection, inbox->wildcard().c_str(), on_answer, feed.get()),
          "subscribing to the inbox");
    SubscriptionHandle subscription(made);
    check(natsSubscription_SetOnCompleteCB(made, on_end, feed.get()), "watching the inbox");
    static_cast<void>(feed.release());  // on_end deletes it, when the last answer has been delivered
    return subscription;
}

SubscriptionHandle subscribe_lane(natsConnection* connection, const std::string& subject)
{
    natsSubscription* made = nullptr;
    check(natsConnection_SubscribeSync(&made, connection, subject.c_str()), "subscribing to the inbox");
    return SubscriptionHandle(made);
}

}  // namespace

AnswerSubscriptions::AnswerSubscriptions(natsConnection* connection, std::shared_ptr<Inbox> inbox)
    : inbox_(std::move(inbox)), others_(subscribe_feed(connection, inbox_))
{
    for (std::size_t lane = 0; lane < Inbox::kLanes; ++lane)
        lanes_.push_back(subscribe_lane(connection, inbox_->lane_wildcard(lane)));
}

void AnswerSubscriptions::collect()
{
    std::vector<Incoming> answers;
    const auto used = inbox_->lanes_used();
    for (std::size_t lane = 0; lane < used; ++lane) {
        auto* const subscription = lanes_[lane].get();
        int count = 0;
        if (natsSubscription_GetPending(subscription, &count, nullptr) != NATS_OK) continue;
        for (; count > 0; --count) {
            natsMsg* message = nullptr;
            const auto status = natsSubscription_NextMsg(&message, subscription, 0);
            if (status == NATS_OK) answers.emplace_back(message);
            if (status == NATS_NO_RESPONDERS) inbox_->nobody_answers(lane);
        }
    }
    if (!answers.empty()) inbox_->deliver(std::move(answers));
}

}  // namespace lintel::messaging
