#pragma once

#include <chrono>
#include <utility>

#include "forwarded_key.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/http/request.hpp"
#include "lintel/messaging/client.hpp"
#include "request_parts.hpp"

namespace lintel::main {

/// How worker sets are asked. What may be asked again is, when no answer comes: another worker answers for
/// one that hangs.
struct WorkerCalls {
    struct Hedging {
        /// Without an answer after so long the workers are asked once more, `times` times at most; zero for
        /// never.
        std::chrono::milliseconds after{300};
        int times = 8;
    };

    Hedging reads;
    Hedging changes;
    core::PageLimits pages{};
};

/// The worker sets, as the routes ask them. What they answer goes to the client as it is, errors too.
/// `client` outlives it. Thread-safe.
class Workers {
public:
    Workers(messaging::Client& client, WorkerCalls calls) : client_(&client), calls_(calls) {}

    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> read(telemetry::Context context,
                                              const typename Endpoint::Request& request) const
    {
        return client_->call<Endpoint>(std::move(context), request, hedged(calls_.reads));
    }

    /// A read of a page, which is at most what main's own limits allow.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> read_page(telemetry::Context context,
                                                   typename Endpoint::Request request) const
    {
        request.page_size = static_cast<std::int64_t>(calls_.pages.size(request.page_size));
        return read<Endpoint>(std::move(context), request);
    }

    /// Asked once, with no key: what takes its time because it is meant to.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> ask(telemetry::Context context,
                                             const typename Endpoint::Request& request) const
    {
        return client_->call<Endpoint>(std::move(context), request);
    }

    /// A change that is the same however often it is made, and so needs no key.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> repeat(telemetry::Context context,
                                                const typename Endpoint::Request& request) const
    {
        return client_->call<Endpoint>(std::move(context), request, hedged(calls_.changes));
    }

    /// A change under an Idempotency-Key that only this request has: of what clients give no key for.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> change(telemetry::Context context,
                                                const typename Endpoint::Request& request) const
    {
        auto options = hedged(calls_.changes);
        options.idempotency_key = fresh_key();
        return as_first(client_->call<Endpoint>(std::move(context), request, std::move(options)));
    }

    /// What a worker does once for one Idempotency-Key, which it keeps with the effect: the client's, or one
    /// that only this request has.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> change(const http::Request& by,
                                                const typename Endpoint::Request& request) const
    {
        auto key = idempotency_key(by);
        if (key.empty()) return change<Endpoint>(by.context, request);
        auto options = hedged(calls_.changes);
        options.idempotency_key = forwarded_key(std::move(key));
        return client_->call<Endpoint>(by.context, request, std::move(options));
    }

    /// Sent once, with the client's Idempotency-Key: a change that takes long, so that a second worker would
    /// find it half done.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> change_once(const http::Request& by,
                                                     const typename Endpoint::Request& request) const
    {
        messaging::RequestOptions options;
        options.idempotency_key = forwarded_key(idempotency_key(by));
        return client_->call<Endpoint>(by.context, request, std::move(options));
    }

private:
    static messaging::RequestOptions hedged(const WorkerCalls::Hedging& hedging)
    {
        messaging::RequestOptions options;
        options.hedge_after = hedging.after;
        options.hedges = hedging.times;
        return options;
    }

    /// Of a request without a key of its client's: that a worker saw it twice concerns nobody.
    template <typename Reply>
    static core::Task<Reply> as_first(core::Task<Reply> answer)
    {
        auto reply = co_await std::move(answer);
        if constexpr (requires { reply.is_replay; }) reply.is_replay = false;
        co_return reply;
    }

    messaging::Client* client_;
    WorkerCalls calls_;
};

}  // namespace lintel::main
