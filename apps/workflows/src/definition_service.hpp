#pragma once

#include <chrono>
#include <string>

#include "lintel/contracts/definitions.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/storage/pool.hpp"

namespace lintel::workflows {

/// Keeps definitions; a version, once stored, never changes. Errors: `invalid` with every fault of a
/// document, `conflict`, `not_found`, `malformed` for a foreign page token; those of the pool.
class DefinitionService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
    };

    DefinitionService(storage::Pool& pool, Options options);

    /// Stores a version: the one the document says, or the next. The same document again is the version it
    /// was. Error{invalid} also for a key that was used with another document.
    core::Task<contracts::DefinitionCreated> create(telemetry::Context context,
                                                    contracts::DefinitionCreate request, std::string key);
    core::Task<contracts::Definition> get(telemetry::Context context, contracts::DefinitionGet request);
    core::Task<contracts::DefinitionPage> list(telemetry::Context context, contracts::DefinitionList request);
    /// Stores what comes with the service, where it is missing.
    core::Task<void> install_shipped(telemetry::Context context);

private:
    core::Task<std::optional<contracts::Definition>> find(telemetry::Context context, std::string name,
                                                          std::int64_t version);

    storage::Pool& pool_;
    const Options options_;
};

}  // namespace lintel::workflows
