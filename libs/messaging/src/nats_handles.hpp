#pragma once

#include <nats/nats.h>

#include <memory>
#include <string>
#include <string_view>

#include "lintel/messaging/message.hpp"
#include "spent_messages.hpp"

namespace lintel::messaging {

/// Frees what nats.c made.
struct NatsDeleter {
    void operator()(natsOptions* options) const noexcept { natsOptions_Destroy(options); }
    void operator()(natsMsg* message) const noexcept { destroy_with_others(message); }
    void operator()(natsSubscription* subscription) const noexcept { natsSubscription_Destroy(subscription); }
};
using OptionsHandle = std::unique_ptr<natsOptions, NatsDeleter>;
using MessageHandle = std::unique_ptr<natsMsg, NatsDeleter>;
using SubscriptionHandle = std::unique_ptr<natsSubscription, NatsDeleter>;

/// Throws Error{unavailable} with nats.c's reason unless `status` is NATS_OK.
void check(natsStatus status, const char* what);

/// A message that nats.c delivered. Used by one thread at a time, as nats.c parses headers when they are
/// first read.
class Incoming {
public:
    explicit Incoming(natsMsg* message) noexcept : message_(message) {}

    std::string_view subject() const noexcept { return natsMsg_GetSubject(message_.get()); }
    /// Empty when the sender expects no answer.
    std::string_view reply() const noexcept;
    std::string_view payload() const noexcept;
    Headers headers() const;
    /// The broker's word that nobody is subscribed.
    bool is_no_responders() const noexcept { return natsMsg_IsNoResponders(message_.get()); }

private:
    MessageHandle message_;
};

}  // namespace lintel::messaging
