#pragma once

#include <chrono>
#include <memory>

#include "lintel/messaging/client.hpp"
#include "order_repository.hpp"
#include "timeline_items.hpp"

namespace lintel::main {

/// The whole life of an order on one page: what main knows of it, and what the services say that have done
/// something for it, which are asked at the same time. Thread-safe; `repository` and `client` outlive it.
class OrderTimelines {
public:
    struct Options {
        /// How long the services are waited for; one that has not answered by then is missing.
        std::chrono::milliseconds patience{2000};
        /// Without an answer after so long another replica is asked as well.
        std::chrono::milliseconds hedge_after{300};
    };

    OrderTimelines(OrderRepository& repository, messaging::Client& client, core::Executor& executor,
                   Options options);

    /// Throws core::Error{not_found}, and what the repository throws.
    core::Task<contracts::OrderTimeline> show(telemetry::Context context, core::Id order);

private:
    class Collection;
    using Shared = std::shared_ptr<Collection>;

    /// Asks for one part, and says in the collection what came of it.
    core::Task<void> collect(Shared into, std::string source, core::Task<void> asking);
    core::Task<void> ask_workflows(Shared into, telemetry::Context context, std::string definition,
                                   std::string key);
    core::Task<void> ask_history(Shared into, telemetry::Context context, core::Id workflow);
    template <typename Endpoint>
    core::Task<void> ask_list(Shared into, telemetry::Context context, core::Id order);
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> ask(telemetry::Context context, typename Endpoint::Request request);

    OrderRepository& repository_;
    messaging::Client& client_;
    core::Executor& executor_;
    const Options options_;
};

}  // namespace lintel::main
