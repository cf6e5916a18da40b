#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "inbox.hpp"
#include "link.hpp"
#include "lintel/messaging/connection.hpp"
#include "outgoing.hpp"
#include "subscription.hpp"
#include "wakeup.hpp"

namespace lintel::messaging {

/// What stands behind a Connection: one thread that connects, subscribes, pings and flushes, which are the
/// calls of nats.c that block, and that replaces the link when it is lost.
class Connection::State {
public:
    State(core::Executor& executor, telemetry::Metrics& metrics, ConnectionOptions options);
    ~State();

    core::Executor& executor;
    telemetry::Metrics& metrics;

    bool is_connected() const noexcept { return connected_; }
    /// The largest message that can be sent; what the options say until a broker has said less.
    std::size_t max_payload() const noexcept { return max_payload_; }
    void on_state_change(std::function<void(bool)> listener);
    void close();

    Inbox& inbox() noexcept { return *inbox_; }
    /// Throws Error{unavailable} when the message cannot be sent now, Error{invalid} when it never could.
    void publish(Outgoing message);

    void subscribe(std::shared_ptr<Subscription> subscription);
    /// Wants the subscriptions no more; true once all the broker had sent for them is delivered.
    core::Task<bool> unsubscribe(std::vector<std::shared_ptr<Subscription>> subscriptions,
                                 core::Deadline deadline);
    /// The same without waiting for it.
    void abandon(std::vector<std::shared_ptr<Subscription>> subscriptions, core::Deadline deadline);
    core::Task<void> flush(core::Deadline deadline);
    /// The same for an end: true also when the connection is lost, and with it what was not flushed.
    core::Task<bool> settle(core::Deadline deadline);

private:
    class OwnLoop;
    using Clock = core::Deadline::Clock;

    void run();
    std::shared_ptr<Link> connect();
    std::shared_ptr<Link> try_servers();
    std::shared_ptr<Link> try_server(const std::string& server);
    void serve(Link& link);
    void keep_alive(Link& link);
    void lose(const std::shared_ptr<Link>& link);
    bool rest_until(Clock::time_point time, Link* link);
    bool leave(Link* link, const std::vector<std::shared_ptr<Subscription>>& subscriptions,
               core::Deadline deadline);
    bool flush_or_lose(Link* link, core::Deadline deadline);
    void add_task(Wakeup::Task task);
    void set_connected(bool connected);
    void log_failure(const std::string& server, std::string reason);

    const ConnectionOptions options_;
    std::shared_ptr<Wakeup> wakeup_ = std::make_shared<Wakeup>();
    std::shared_ptr<OutgoingQueue> outgoing_;
    std::shared_ptr<Inbox> inbox_;
    std::unique_ptr<OwnLoop> own_loop_;
    std::atomic<bool> connected_{false};
    std::atomic<std::size_t> max_payload_;
    telemetry::Gauge up_;
    telemetry::Counter connects_;
    telemetry::Counter dropped_;

    std::mutex mutex_;
    std::vector<std::function<void(bool)>> listeners_;
    std::vector<std::shared_ptr<Subscription>> subscriptions_;

    std::vector<std::string> servers_;
    Clock::time_point next_ping_;
    std::string logged_failure_;
    Clock::time_point logged_at_;
    std::thread thread_;
};

}  // namespace lintel::messaging
