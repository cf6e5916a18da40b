#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "answer_subscriptions.hpp"
#include "inbox.hpp"
#include "lintel/core/deadline.hpp"
#include "nats_handles.hpp"
#include "outgoing.hpp"
#include "subscription.hpp"
#include "wakeup.hpp"

namespace lintel::messaging {

/// One connection to one broker, from connect to loss; a reconnect makes a new one.
///
/// nats.c runs here without threads of its own for reading and writing: it is attached to an event loop, a
/// strand on an io_context. After each read the strand collects what the read brought for each subscription,
/// and a write goes out when what ran together has run, which is what makes one write of many messages. Only
/// the answers that have no lane come through a thread of nats.c; see Inbox.
/// Methods are for the connection's own thread and may block; everything private runs on the strand.
class Link : public std::enable_shared_from_this<Link> {
public:
    Link(boost::asio::io_context& loop, std::shared_ptr<OutgoingQueue> outgoing,
         std::shared_ptr<Wakeup> wakeup);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// Connects with `options`, which name one server.
    natsStatus connect(natsOptions* options);
    /// The largest message that this broker takes.
    std::size_t max_payload() const;
    void listen(std::shared_ptr<Inbox> inbox);
    /// Does nothing when it is subscribed already.
    void subscribe(std::shared_ptr<Subscription> wish, int pending_max);

    /// Asks the broker to send nothing more for `subscriptions`; what it has sent is still delivered.
    void begin_leave(const std::vector<std::shared_ptr<Subscription>>& subscriptions,
                     core::Deadline deadline);
    void end_leave(const std::vector<std::shared_ptr<Subscription>>& subscriptions);

    /// False when the broker has not answered before `deadline`; true once all it had sent before is
    /// delivered.
    bool flush(core::Deadline deadline);

    /// Cuts the connection; its loss is then noticed as any other. From any thread.
    void abort() noexcept;

    /// Since when the broker has taken no byte, if it should.
    bool is_blocked_longer_than(std::chrono::milliseconds patience) const noexcept;
    /// Messages nats.c has dropped since the last call.
    std::int64_t take_dropped();
    std::vector<std::string> discovered_servers() const;

private:
    struct Attached {
        std::shared_ptr<Subscription> wish;
        SubscriptionHandle handle;
        std::int64_t dropped_seen = 0;
    };

    static natsStatus on_attach(void** user_data, void* loop, natsConnection* connection, natsSock socket);
    static natsStatus on_read_interest(void* user_data, bool add);
    static natsStatus on_write_interest(void* user_data, bool add);
    static natsStatus on_detach(void* user_data);

    void await_readable();
    void await_writable();
    void on_readable();
    void collect();
    void schedule_pump();
    void pump();
    bool publish(const Outgoing& message);
    natsStatus publish_bare(const Outgoing& message);
    natsStatus publish_with_headers(const Outgoing& message);
    bool run_on_strand(std::function<void()> work, core::Deadline deadline);
    void write_now();

    boost::asio::io_context& loop_;
    boost::asio::strand<boost::asio::io_context::executor_type> strand_;
    std::shared_ptr<OutgoingQueue> outgoing_;
    std::shared_ptr<Wakeup> wakeup_;
    natsConnection* connection_ = nullptr;
    std::optional<boost::asio::posix::stream_descriptor> descriptor_;
    int socket_ = -1;
    std::shared_ptr<Inbox> inbox_;

    std::mutex subscriptions_mutex_;
    std::vector<Attached> subscriptions_;
    std::unique_ptr<AnswerSubscriptions> answers_;

    std::atomic<bool> lost_{false};
    std::atomic<bool> write_wanted_{false};
    bool blocked_ = false;
    std::atomic<core::Deadline::Clock::rep> blocked_since_{0};
};

}  // namespace lintel::messaging
