#pragma once

#include <chrono>
#include <utility>

#include "lintel/core/page_token.hpp"
#include "lintel/http/request.hpp"
#include "lintel/messaging/client.hpp"
#include "request_parts.hpp"

namespace lintel::main {

/// How the worker set is asked. Reads may be asked again: another worker answers for one that hangs.
struct WorkflowReads {
    /// Without an answer after so long the workers are asked once more, `hedges` times at most; zero for
    /// never.
    std::chrono::milliseconds hedge_after{300};
    int hedges = 8;
    core::PageLimits pages{};
};

/// The worker set, as the routes ask it. What it answers goes to the client as it is, errors too. `client`
/// outlives it. Thread-safe.
class Workers {
public:
    Workers(messaging::Client& client, WorkflowReads reads) : client_(&client), reads_(reads) {}

    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> read(telemetry::Context context,
                                              const typename Endpoint::Request& request) const
    {
        messaging::RequestOptions options;
        options.hedge_after = reads_.hedge_after;
        options.hedges = reads_.hedges;
        return client_->call<Endpoint>(std::move(context), request, std::move(options));
    }

    /// A read of a page, which is at most what main's own limits allow.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> read_page(telemetry::Context context,
                                                   typename Endpoint::Request request) const
    {
        request.page_size = static_cast<std::int64_t>(reads_.pages.size(request.page_size));
        return read<Endpoint>(std::move(context), request);
    }

    /// Asked once, with no key: what may take its time, and what is as it is however often it is done.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> ask(telemetry::Context context,
                                             const typename Endpoint::Request& request) const
    {
        return client_->call<Endpoint>(std::move(context), request);
    }

    /// Sent once, with the client's Idempotency-Key, which the worker keeps with the effect.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> change(const http::Request& by,
                                                const typename Endpoint::Request& request) const
    {
        messaging::RequestOptions options;
        options.idempotency_key = idempotency_key(by);
        return client_->call<Endpoint>(by.context, request, std::move(options));
    }

private:
    messaging::Client* client_;
    WorkflowReads reads_;
};

}  // namespace lintel::main
