#pragma once

#include <chrono>

#include "lintel/storage/pool.hpp"

namespace lintel::workflows {

/// Keeps the tables from growing for ever. Several replicas may do it at once. Errors as the pool's.
class Housekeeping {
public:
    struct Options {
        /// How long a workflow is kept after its end.
        std::chrono::milliseconds retention = std::chrono::hours(30 * 24);
        /// How long keys are kept after what they guard, and signals that nobody has asked for.
        std::chrono::milliseconds key_ttl = std::chrono::hours(30 * 24);
    };

    Housekeeping(storage::Pool& pool, Options options);

    core::Task<void> run(telemetry::Context context);

private:
    core::Task<void> purge(telemetry::Context context, storage::Query query, std::chrono::milliseconds age);

    storage::Pool& pool_;
    const Options options_;
};

}  // namespace lintel::workflows
