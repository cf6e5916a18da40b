#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "lintel/core/page_token.hpp"
#include "pick_repository.hpp"

namespace lintel::inventory {

/// What callers do with pick lists. Errors: those of the repository; `malformed` for a foreign page token.
/// `key` is the caller's Idempotency-Key, empty when there is none.
class PickService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
        /// Called after an intent has been committed.
        std::function<void()> promised = [] {};
    };

    PickService(PickRepository& picks, Options options);

    core::Task<contracts::PickChanged> create(telemetry::Context context, contracts::PickCreate request,
                                              std::string key);
    core::Task<contracts::Pick> get(telemetry::Context context, core::Id id);
    core::Task<contracts::PickPage> list(telemetry::Context context, contracts::PickList request);
    core::Task<contracts::Pick> mark(telemetry::Context context, contracts::PickMark request,
                                     std::string key);
    core::Task<contracts::PickChanged> complete(telemetry::Context context, contracts::PickGet request,
                                                std::string key);
    core::Task<contracts::PickChanged> cancel(telemetry::Context context, contracts::PickGet request,
                                              std::string key);

private:
    template <typename Request>
    PickRepository::Key request_key(std::string_view scope, std::string key, const Request& request) const;

    PickRepository& picks_;
    const Options options_;
};

}  // namespace lintel::inventory
