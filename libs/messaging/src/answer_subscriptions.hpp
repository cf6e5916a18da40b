#pragma once

#include <memory>
#include <vector>

#include "inbox.hpp"
#include "nats_handles.hpp"

namespace lintel::messaging {

/// The subscriptions of an inbox on one connection: its lanes, and the one for all other answers.
class AnswerSubscriptions {
public:
    /// Subscribes. Throws Error{unavailable}.
    AnswerSubscriptions(natsConnection* connection, std::shared_ptr<Inbox> inbox);

    /// Hands over what has come by the lanes. On the connection's loop, after each read.
    void collect();

private:
    const std::shared_ptr<Inbox> inbox_;
    SubscriptionHandle others_;
    std::vector<SubscriptionHandle> lanes_;
};

}  // namespace lintel::messaging
