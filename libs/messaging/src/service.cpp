#include "lintel/messaging/service.hpp"

#include "endpoint.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/id.hpp"
#include "lintel/telemetry/log.hpp"
#include "service_protocol.hpp"

namespace lintel::messaging {

using core::Deadline;
using core::Error;
using telemetry::LogLevel;

namespace {

/// For the broker to confirm what nobody waits for.
constexpr std::chrono::seconds kLeaveDeadline{5};

}  // namespace

class Service::State : public std::enable_shared_from_this<Service::State> {
public:
    State(Connection::State& on, ServiceInfo about, const ServiceLimits& limits)
        : connection(on), info(std::move(about)), context(std::make_shared<ServiceContext>(on, limits))
    {
        if (info.instance_id.empty()) info.instance_id = core::Id::generate().to_string();
        check_service_info(info);
    }

    void add_endpoint(EndpointOptions options, Handler handler);
    void listen_for_questions();
    void answer(ServiceVerb verb, const std::vector<Incoming>& questions) const;
    std::size_t in_flight() const noexcept;
    core::Task<bool> drain(Deadline deadline);

    Connection::State& connection;
    ServiceInfo info;
    const std::shared_ptr<ServiceContext> context;
    const core::Timestamp started = core::now();
    std::vector<std::shared_ptr<Endpoint>> endpoints;
    std::vector<std::shared_ptr<Subscription>> requests;
    std::vector<std::shared_ptr<Subscription>> questions;
};

void Service::State::add_endpoint(EndpointOptions options, Handler handler)
{
    check_endpoint_options(options);
    auto subscription = std::make_shared<Subscription>();
    subscription->subject = options.subject;
    subscription->queue_group = options.queue_group;
    const auto endpoint = std::make_shared<Endpoint>(context, std::move(options), std::move(handler));
    subscription->deliver = [weak = std::weak_ptr(endpoint)](std::vector<Incoming> messages) {
        if (const auto self = weak.lock()) self->deliver(std::move(messages));
    };
    endpoints.push_back(endpoint);
    requests.push_back(std::move(subscription));
}

void Service::State::listen_for_questions()
{
    for (const auto verb : {ServiceVerb::ping, ServiceVerb::info, ServiceVerb::stats}) {
        for (auto& subject : service_subjects(verb, info)) {
            auto subscription = std::make_shared<Subscription>();
            subscription->subject = std::move(subject);
            subscription->deliver = [weak = weak_from_this(), verb](std::vector<Incoming> messages) {
                const auto self = weak.lock();
                if (!self) return;
                auto shared = std::make_shared<std::vector<Incoming>>(std::move(messages));
                self->connection.executor.post([self, verb, shared] { self->answer(verb, *shared); });
            };
            connection.subscribe(subscription);
            questions.push_back(std::move(subscription));
        }
    }
}

void Service::State::answer(ServiceVerb verb, const std::vector<Incoming>& asked) const
{
    for (const auto& question : asked) {
        if (question.reply().empty()) continue;
        Outgoing message;
        message.subject = question.reply();
        message.payload = service_answer(verb, info, started, endpoints);
        try {
            connection.publish(std::move(message));
        } catch (const Error& error) {
            telemetry::log(LogLevel::info, "question about the service not answered",
                           {{"detail", error.what()}});
        }
    }
}

std::size_t Service::State::in_flight() const noexcept
{
    std::size_t count = 0;
    for (const auto& endpoint : endpoints)
        count += endpoint->gate().in_flight();
    return count;
}

core::Task<bool> Service::State::drain(Deadline deadline)
{
    auto everything = requests;
    everything.insert(everything.end(), questions.begin(), questions.end());
    bool is_complete = true;
    try {
        is_complete = co_await connection.unsubscribe(std::move(everything), deadline);
        // Only now: a closed gate refuses, and what the broker had sent before is to be answered.
        for (const auto& endpoint : endpoints)
            is_complete = co_await endpoint->gate().drain(connection.executor, deadline) && is_complete;
        is_complete = co_await connection.settle(deadline) && is_complete;
    } catch (const Error& error) {
        telemetry::log(LogLevel::warn, "service not drained", {{"detail", error.what()}});
        is_complete = false;
    }
    co_return is_complete;
}

Service::Service(Connection& connection, ServiceInfo info, ServiceLimits limits)
    : state_(std::make_shared<State>(connection.state(), std::move(info), limits))
{
    auto gauge =
        connection.metrics().gauge("messaging_server_in_flight_requests", "Requests that are being handled",
                                   {{"service", state_->info.name}});
    connection.metrics().before_render([weak = std::weak_ptr(state_), gauge]() mutable {
        if (const auto state = weak.lock()) gauge.set(static_cast<double>(state->in_flight()));
    });
}

Service::~Service()
{
    auto everything = state_->requests;
    everything.insert(everything.end(), state_->questions.begin(), state_->questions.end());
    state_->connection.abandon(std::move(everything), Deadline::after(kLeaveDeadline));
}

void Service::add_endpoint(EndpointOptions options, Handler handler)
{
    state_->add_endpoint(std::move(options), std::move(handler));
}

void Service::start()
{
    state_->listen_for_questions();
    join();
}

void Service::leave()
{
    state_->connection.abandon(state_->requests, Deadline::after(kLeaveDeadline));
}

void Service::join()
{
    for (const auto& subscription : state_->requests)
        state_->connection.subscribe(subscription);
}

core::Task<bool> Service::drain(core::Deadline deadline)
{
    return state_->drain(deadline);
}

const std::string& Service::instance_id() const noexcept
{
    return state_->info.instance_id;
}

std::size_t Service::in_flight() const noexcept
{
    return state_->in_flight();
}

}  // namespace lintel::messaging
