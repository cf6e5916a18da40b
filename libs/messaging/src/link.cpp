#include "link.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <future>

#include "lintel/telemetry/log.hpp"

namespace lintel::messaging {
namespace {

using core::Deadline;

std::int64_t milliseconds_left(Deadline deadline)
{
    // nats.c takes 0 for an invalid argument.
    return std::max<std::int64_t>(1,
                                  std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining()).count());
}

}  // namespace

Link::Link(boost::asio::io_context& loop, std::shared_ptr<OutgoingQueue> outgoing,
           std::shared_ptr<Wakeup> wakeup)
    : loop_(loop), strand_(loop.get_executor()), outgoing_(std::move(outgoing)), wakeup_(std::move(wakeup))
{
}

Link::~Link()
{
    subscriptions_.clear();
    answers_.reset();
    natsConnection_Destroy(connection_);
}

natsStatus Link::connect(natsOptions* options)
{
    auto status =
        natsOptions_SetEventLoop(options, this, on_attach, on_read_interest, on_write_interest, on_detach);
    natsConnection* connected = nullptr;
    if (status == NATS_OK) status = natsConnection_Connect(&connected, options);
    if (status == NATS_OK) {
        outgoing_->open([link = weak_from_this()] {
            if (const auto self = link.lock()) self->schedule_pump();
        });
    } else {
        lost_ = true;
        connection_ = nullptr;
    }
    return status;
}

std::size_t Link::max_payload() const
{
    return static_cast<std::size_t>(std::max<std::int64_t>(0, natsConnection_GetMaxPayload(connection_)));
}

void Link::listen(std::shared_ptr<Inbox> inbox)
{
    inbox_ = inbox;
    auto answers = std::make_unique<AnswerSubscriptions>(connection_, std::move(inbox));
    std::lock_guard lock(subscriptions_mutex_);
    answers_ = std::move(answers);
}

void Link::subscribe(std::shared_ptr<Subscription> wish, int pending_max)
{
    {
        std::lock_guard lock(subscriptions_mutex_);
        if (std::ranges::find(subscriptions_, wish, &Attached::wish) != subscriptions_.end()) return;
    }
    const char* subject = wish->subject.c_str();
    natsSubscription* made = nullptr;
    check(wish->queue_group.empty()
              ? natsConnection_SubscribeSync(&made, connection_, subject)
              : natsConnection_QueueSubscribeSync(&made, connection_, subject, wish->queue_group.c_str()),
          "subscribing");
    SubscriptionHandle handle(made);
    check(natsSubscription_SetPendingLimits(made, pending_max, -1), "limiting a subscription");
    std::lock_guard lock(subscriptions_mutex_);
    subscriptions_.push_back({std::move(wish), std::move(handle)});
}

void Link::begin_leave(const std::vector<std::shared_ptr<Subscription>>& wishes, Deadline deadline)
{
    std::lock_guard lock(subscriptions_mutex_);
    for (auto& attached : subscriptions_) {
        if (std::ranges::find(wishes, attached.wish) == wishes.end()) continue;
        // Unlike Unsubscribe, which forgets the subscription at once and drops what the broker has already
        // sent.
        natsSubscription_DrainTimeout(attached.handle.get(), milliseconds_left(deadline));
    }
}

void Link::end_leave(const std::vector<std::shared_ptr<Subscription>>& wishes)
{
    std::vector<Attached> ended;
    std::lock_guard lock(subscriptions_mutex_);
    std::erase_if(subscriptions_, [&](Attached& attached) {
        if (std::ranges::find(wishes, attached.wish) == wishes.end()) return false;
        ended.push_back(std::move(attached));
        return true;
    });
}

bool Link::flush(Deadline deadline)
{
    // An empty queue may be on its way into nats.c, and what nats.c has parsed may not be collected yet; the
    // strand has done the one and the other when it comes to work that is posted afterwards.
    return outgoing_->wait_until_empty(deadline) && run_on_strand([] {}, deadline) &&
           natsConnection_FlushTimeout(connection_, milliseconds_left(deadline)) == NATS_OK &&
           run_on_strand([this] { collect(); }, deadline);
}

bool Link::run_on_strand(std::function<void()> work, Deadline deadline)
{
    auto done = std::make_shared<std::promise<void>>();
    auto is_done = done->get_future();
    boost::asio::post(strand_, [self = shared_from_this(), work = std::move(work), done] {
        work();
        done->set_value();
    });
    return is_done.wait_until(deadline.time()) == std::future_status::ready;
}

void Link::abort() noexcept
{
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

bool Link::is_blocked_longer_than(std::chrono::milliseconds patience) const noexcept
{
    const auto since = blocked_since_.load(std::memory_order_relaxed);
    return since != 0 &&
           Deadline::Clock::now().time_since_epoch() - Deadline::Clock::duration(since) > patience;
}

std::int64_t Link::take_dropped()
{
    std::int64_t dropped = 0;
    std::lock_guard lock(subscriptions_mutex_);
    for (auto& attached : subscriptions_) {
        std::int64_t total = 0;
        if (natsSubscription_GetDropped(attached.handle.get(), &total) != NATS_OK) continue;
        dropped += total - std::exchange(attached.dropped_seen, total);
    }
    return dropped;
}

std::vector<std::string> Link::discovered_servers() const
{
    std::vector<std::string> servers;
    char** urls = nullptr;
    int count = 0;
    if (natsConnection_GetDiscoveredServers(connection_, &urls, &count) != NATS_OK) return servers;
    for (int i = 0; i < count; ++i) {
        servers.emplace_back(urls[i]);
        std::free(urls[i]);
    }
    std::free(urls);
    return servers;
}

// The four calls nats.c makes, all of them with its connection locked except the last one.

natsStatus Link::on_attach(void** user_data, void* loop, natsConnection* connection, natsSock socket)
{
    auto& link = *static_cast<Link*>(loop);
    *user_data = loop;
    // A duplicate stays valid until this object ends, so that neither the loop nor abort() can ever meet a
    // number that nats.c has closed and the process has used again (nats.c issue #814).
    const int duplicate = ::fcntl(static_cast<int>(socket), F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) return NATS_IO_ERROR;
    link.connection_ = connection;
    link.socket_ = duplicate;
    link.descriptor_.emplace(link.loop_, duplicate);
    boost::asio::post(link.strand_, [self = link.shared_from_this()] { self->await_readable(); });
    return NATS_OK;
}

natsStatus Link::on_read_interest(void*, bool)
{
    // It is only ever withdrawn, just before on_detach.
    return NATS_OK;
}

natsStatus Link::on_write_interest(void* user_data, bool add)
{
    auto& link = *static_cast<Link*>(user_data);
    link.write_wanted_ = add;
    // What the strand itself publishes it writes itself, when all of it is there.
    const auto self = link.weak_from_this().lock();
    if (add && self && !link.strand_.running_in_this_thread())
        boost::asio::post(link.strand_, [self] { self->write_now(); });
    return NATS_OK;
}

natsStatus Link::on_detach(void* user_data)
{
    auto& link = *static_cast<Link*>(user_data);
    link.lost_ = true;
    link.abort();
    std::lock_guard lock(link.wakeup_->mutex);
    link.wakeup_->link_lost = true;
    link.wakeup_->changed.notify_all();
    return NATS_OK;
}

void Link::await_readable()
{
    if (lost_) return;
    descriptor_->async_wait(
        boost::asio::posix::stream_descriptor::wait_read,
        boost::asio::bind_executor(strand_, [self = shared_from_this()](const auto& error) {
            if (!error) self->on_readable();
        }));
}

void Link::on_readable()
{
    if (lost_) return;
    natsConnection_ProcessReadEvent(connection_);
    collect();
    // nats.c answers the broker's PING in there.
    write_now();
    await_readable();
}

void Link::collect()
{
    std::lock_guard lock(subscriptions_mutex_);
    if (answers_) answers_->collect();
    for (const auto& attached : subscriptions_) {
        auto* const subscription = attached.handle.get();
        int count = 0;
        if (natsSubscription_GetPending(subscription, &count, nullptr) != NATS_OK || count <= 0) continue;
        std::vector<Incoming> messages;
        messages.reserve(static_cast<std::size_t>(count));
        while (count > 0) {
            natsMsg* message = nullptr;
            const auto status = natsSubscription_NextMsg(&message, subscription, 0);
            if (status == NATS_SLOW_CONSUMER) continue;  // said once, before the messages
            --count;
            if (status == NATS_OK) messages.emplace_back(message);
        }
        attached.wish->deliver(std::move(messages));
    }
}

void Link::schedule_pump()
{
    boost::asio::defer(strand_, [self = shared_from_this()] { self->pump(); });
}

void Link::pump()
{
    if (blocked_ || lost_) return;
    std::vector<std::uint64_t> refused;
    for (const auto& message : outgoing_->take()) {
        if (!publish(message) && message.token != 0) refused.push_back(message.token);
    }
    if (!refused.empty()) inbox_->undelivered(refused);
    write_now();
}

bool Link::publish(const Outgoing& message)
{
    const auto status = message.headers.empty() ? publish_bare(message) : publish_with_headers(message);
    if (status == NATS_OK) return true;
    telemetry::log(telemetry::LogLevel::warn, "message not sent",
                   {{"subject", message.subject}, {"reason", natsStatus_GetText(status)}});
    return false;
}

// Without a message of nats.c, which would have to be made and freed.
natsStatus Link::publish_bare(const Outgoing& message)
{
    const auto* const subject = message.subject.c_str();
    const auto* const payload = message.payload.data();
    const auto size = static_cast<int>(message.payload.size());
    return message.reply.empty()
               ? natsConnection_Publish(connection_, subject, payload, size)
               : natsConnection_PublishRequest(connection_, subject, message.reply.c_str(), payload, size);
}

natsStatus Link::publish_with_headers(const Outgoing& message)
{
    const char* const reply = message.reply.empty() ? nullptr : message.reply.c_str();
    natsMsg* made = nullptr;
    auto status = natsMsg_Create(&made, message.subject.c_str(), reply, message.payload.data(),
                                 static_cast<int>(message.payload.size()));
    const MessageHandle handle(made);
    for (const auto& [name, value] : message.headers) {
        if (status == NATS_OK) status = natsMsgHeader_Add(made, name.c_str(), value.c_str());
    }
    return status == NATS_OK ? natsConnection_PublishMsg(connection_, made) : status;
}

void Link::write_now()
{
    if (blocked_ || lost_ || !write_wanted_) return;
    natsConnection_ProcessWriteEvent(connection_);
    if (write_wanted_ && !lost_) await_writable();
}

void Link::await_writable()
{
    blocked_ = true;
    blocked_since_ = Deadline::Clock::now().time_since_epoch().count();
    descriptor_->async_wait(
        boost::asio::posix::stream_descriptor::wait_write,
        boost::asio::bind_executor(strand_, [self = shared_from_this()](const auto& error) {
            self->blocked_ = false;
            self->blocked_since_ = 0;
            if (error) return;
            self->write_now();
            self->pump();
        }));
}

}  // namespace lintel::messaging
