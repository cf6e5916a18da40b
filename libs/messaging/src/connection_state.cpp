#include "connection_state.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <random>

#include "connect_options.hpp"
#include "lintel/core/completion.hpp"
#include "lintel/core/error.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::messaging {

using core::Deadline;
using core::Error;
using core::ErrorCode;
using telemetry::LogLevel;

namespace {

/// How often a link is looked at: for a write that does not move, and for messages that were dropped.
constexpr std::chrono::milliseconds kWatchInterval{500};

constexpr std::chrono::seconds kFailureLogInterval{30};

}  // namespace

/// A loop and thread for one connection. TLS needs it: nats.c blocks in a read until a whole TLS record is
/// there, and must not do so on a thread that others need.
class Connection::State::OwnLoop {
public:
    OwnLoop() : work_(context.get_executor()), thread_([this] { context.run(); }) {}
    ~OwnLoop()
    {
        context.stop();
        thread_.join();
    }

    boost::asio::io_context context{1};

private:
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

Connection::State::State(core::Executor& on, telemetry::Metrics& into, ConnectionOptions options)
    : executor(on),
      metrics(into),
      options_(std::move(options)),
      outgoing_(std::make_shared<OutgoingQueue>(options_.outgoing_bytes_max)),
      inbox_(std::make_shared<Inbox>(on, into)),
      max_payload_(options_.max_payload),
      up_(into.gauge("messaging_connection_up", "1 while connected to the broker")),
      connects_(into.counter("messaging_connects_total", "Connections made to the broker")),
      dropped_(into.counter("messaging_dropped_messages_total", "Messages dropped because a queue was full",
                            {{"reason", "slow_consumer"}}))
{
    if (wants_tls(options_)) own_loop_ = std::make_unique<OwnLoop>();
    into.before_render([outgoing = std::weak_ptr(outgoing_),
                        bytes = into.gauge("messaging_outgoing_bytes",
                                           "Published and not yet given to the socket")]() mutable {
        if (const auto queue = outgoing.lock()) bytes.set(static_cast<double>(queue->bytes()));
    });
    thread_ = std::thread([this] { run(); });
}

Connection::State::~State()
{
    close();
}

void Connection::State::close()
{
    {
        std::lock_guard lock(wakeup_->mutex);
        wakeup_->closing = true;
        wakeup_->changed.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void Connection::State::on_state_change(std::function<void(bool)> listener)
{
    std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(listener));
}

void Connection::State::set_connected(bool connected)
{
    connected_ = connected;
    up_.set(connected ? 1 : 0);
    std::lock_guard lock(mutex_);
    for (const auto& listener : listeners_)
        executor.post([listener, connected] { listener(connected); });
}

void Connection::State::publish(Outgoing message)
{
    check_sendable(message);
    const auto subject = message.subject;
    switch (outgoing_->push(std::move(message))) {
        case OutgoingQueue::Result::queued:
            return;
        case OutgoingQueue::Result::closed:
            throw Error(ErrorCode::unavailable,
                        "not delivered to '" + subject + "': no connection to the broker");
        case OutgoingQueue::Result::full:
            throw Error(ErrorCode::unavailable,
                        "not delivered to '" + subject + "': the broker takes no more");
    }
}

void Connection::State::add_task(Wakeup::Task task)
{
    {
        std::lock_guard lock(wakeup_->mutex);
        if (!wakeup_->closing) {
            wakeup_->tasks.push_back(std::move(task));
            wakeup_->changed.notify_all();
            return;
        }
    }
    task(nullptr);
}

void Connection::State::subscribe(std::shared_ptr<Subscription> subscription)
{
    subscription->wanted = true;
    {
        std::lock_guard lock(mutex_);
        if (std::ranges::find(subscriptions_, subscription) == subscriptions_.end())
            subscriptions_.push_back(subscription);
    }
    add_task([this, subscription](Link* link) {
        if (link && subscription->wanted) link->subscribe(subscription, options_.pending_max);
    });
}

core::Task<bool> Connection::State::unsubscribe(std::vector<std::shared_ptr<Subscription>> subscriptions,
                                                Deadline deadline)
{
    for (const auto& subscription : subscriptions)
        subscription->wanted = false;
    core::Completion<bool> done(executor);
    add_task([this, subscriptions, deadline, done](Link* link) mutable {
        done.set_value(leave(link, subscriptions, deadline));
    });
    co_return co_await done.wait(deadline.at_most(std::chrono::hours(1)),
                                 "the broker does not confirm the leaving");
}

void Connection::State::abandon(std::vector<std::shared_ptr<Subscription>> subscriptions, Deadline deadline)
{
    for (const auto& subscription : subscriptions)
        subscription->wanted = false;
    add_task([this, subscriptions = std::move(subscriptions), deadline](Link* link) {
        leave(link, subscriptions, deadline);
    });
}

bool Connection::State::leave(Link* link, const std::vector<std::shared_ptr<Subscription>>& subscriptions,
                              Deadline deadline)
{
    if (!link) return true;
    link->begin_leave(subscriptions, deadline);
    const bool is_complete = flush_or_lose(link, deadline);
    link->end_leave(subscriptions);
    return is_complete;
}

bool Connection::State::flush_or_lose(Link* link, Deadline deadline)
{
    // Without a link there is nothing that the broker could have sent, or could still be sent.
    if (!link || link->flush(deadline)) return true;
    std::unique_lock lock(wakeup_->mutex);
    return wakeup_->changed.wait_until(lock, deadline.time(), [this] { return wakeup_->link_lost; });
}

core::Task<bool> Connection::State::settle(Deadline deadline)
{
    core::Completion<bool> done(executor);
    add_task([this, deadline, done](Link* link) mutable { done.set_value(flush_or_lose(link, deadline)); });
    co_return co_await done.wait(deadline.at_most(std::chrono::hours(1)), "the broker does not answer");
}

core::Task<void> Connection::State::flush(Deadline deadline)
{
    core::Completion<bool> done(executor);
    add_task([deadline, done](Link* link) mutable { done.set_value(link && link->flush(deadline)); });
    if (!co_await done.wait(deadline, "the broker does not answer"))
        throw Error(ErrorCode::unavailable, "not flushed: no connection to the broker");
}

void Connection::State::run()
{
    while (const auto link = connect()) {
        serve(*link);
        lose(link);
    }
    rest_until(Clock::now(), nullptr);
}

std::shared_ptr<Link> Connection::State::connect()
{
    auto wait = options_.reconnect_wait_min;
    std::minstd_rand random(std::random_device{}());
    while (true) {
        if (auto link = try_servers()) return link;
        const auto half = std::max<std::chrono::milliseconds::rep>(wait.count() / 2, 1);
        const std::chrono::milliseconds pause(half +
                                              static_cast<long>(random() % static_cast<unsigned long>(half)));
        if (!rest_until(Clock::now() + pause, nullptr)) return nullptr;
        wait = std::min(wait * 2, options_.reconnect_wait_max);
    }
}

std::shared_ptr<Link> Connection::State::try_servers()
{
    auto servers = shuffled_servers(options_.url);
    servers.insert(servers.end(), servers_.begin(), servers_.end());
    for (const auto& server : servers) {
        {
            std::lock_guard lock(wakeup_->mutex);
            if (wakeup_->closing) return nullptr;
        }
        try {
            if (auto link = try_server(server)) return link;
        } catch (const std::exception& error) {
            log_failure(server, error.what());
        }
    }
    return nullptr;
}

std::shared_ptr<Link> Connection::State::try_server(const std::string& server)
{
    {
        std::lock_guard lock(wakeup_->mutex);
        wakeup_->link_lost = false;
    }
    const auto options = make_nats_options(options_, server);
    auto& loop = own_loop_ ? own_loop_->context : executor.context();
    auto link = std::make_shared<Link>(loop, outgoing_, wakeup_);
    if (const auto status = link->connect(options.get()); status != NATS_OK) {
        log_failure(server, natsStatus_GetText(status));
        return nullptr;
    }
    try {
        link->listen(inbox_);
        std::vector<std::shared_ptr<Subscription>> wanted;
        {
            std::lock_guard lock(mutex_);
            wanted = subscriptions_;
        }
        std::erase_if(wanted, [](const auto& subscription) { return !subscription->wanted; });
        for (const auto& subscription : wanted)
            link->subscribe(subscription, options_.pending_max);
        if (!link->flush(Deadline::after(options_.ping_timeout)))
            throw Error(ErrorCode::unavailable, "the broker does not confirm the subscriptions");
    } catch (...) {
        lose(link);
        throw;
    }
    max_payload_ = std::min(options_.max_payload, link->max_payload());
    telemetry::log(max_payload_ < options_.max_payload ? LogLevel::warn : LogLevel::info,
                   "connected to the broker",
                   {{"server", without_secrets(server)}, {"maxPayload", max_payload_.load()}});
    logged_failure_.clear();
    return link;
}

void Connection::State::log_failure(const std::string& server, std::string reason)
{
    // An attempt every other second must not fill the log with the same line.
    if (reason == logged_failure_ && Clock::now() - logged_at_ < kFailureLogInterval) return;
    logged_at_ = Clock::now();
    telemetry::log(LogLevel::warn, "no connection to the broker",
                   {{"server", without_secrets(server)}, {"reason", reason}});
    logged_failure_ = std::move(reason);
}

void Connection::State::serve(Link& link)
{
    servers_ = link.discovered_servers();
    connects_.add();
    next_ping_ = Clock::now() + options_.ping_interval;
    set_connected(true);
    while (rest_until(std::min(next_ping_, Clock::now() + kWatchInterval), &link))
        keep_alive(link);
    set_connected(false);
}

void Connection::State::keep_alive(Link& link)
{
    if (const auto dropped = link.take_dropped(); dropped > 0) dropped_.add(static_cast<double>(dropped));
    // The broker tells of others when they join its cluster; that it knows none may mean that it is just
    // being lost.
    if (auto discovered = link.discovered_servers(); !discovered.empty()) servers_ = std::move(discovered);
    if (link.is_blocked_longer_than(options_.write_deadline)) {
        telemetry::log(LogLevel::warn, "broker takes no bytes");
        link.abort();
    } else if (Clock::now() >= next_ping_) {
        next_ping_ = Clock::now() + options_.ping_interval;
        if (link.flush(Deadline::after(options_.ping_timeout))) return;
        telemetry::log(LogLevel::warn, "broker gives no sign of life");
        link.abort();
    }
}

void Connection::State::lose(const std::shared_ptr<Link>& link)
{
    link->abort();
    std::vector<std::uint64_t> tokens;
    for (const auto& message : outgoing_->close()) {
        if (message.token != 0) tokens.push_back(message.token);
    }
    inbox_->undelivered(tokens);
    inbox_->free_lanes();
    std::unique_lock lock(wakeup_->mutex);
    // The loop sees the end of the stream; if it does not run any more, the link's destructor does what is
    // left.
    wakeup_->changed.wait_for(lock, std::chrono::seconds(2), [this] { return wakeup_->link_lost; });
    if (!wakeup_->closing) telemetry::log(LogLevel::warn, "connection to the broker lost");
}

/// Runs tasks until `time`. False when the link is lost or the connection is being closed.
bool Connection::State::rest_until(Clock::time_point time, Link* link)
{
    std::unique_lock lock(wakeup_->mutex);
    const auto has_ended = [&] { return wakeup_->closing || (link && wakeup_->link_lost); };
    while (true) {
        wakeup_->changed.wait_until(lock, time, [&] { return has_ended() || !wakeup_->tasks.empty(); });
        while (!wakeup_->tasks.empty()) {
            const auto task = std::move(wakeup_->tasks.front());
            wakeup_->tasks.pop_front();
            lock.unlock();
            try {
                task(link);
            } catch (const std::exception& error) {
                telemetry::log(LogLevel::error, "broker connection task failed", {{"reason", error.what()}});
            }
            lock.lock();
        }
        if (has_ended()) return false;
        if (Clock::now() >= time) return true;
    }
}

}  // namespace lintel::messaging
