#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lintel/core/error.hpp"
#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"
#include "lintel/storage/pool.hpp"

namespace lintel::storage {

/// The Idempotency-Key of a request (draft-ietf-httpapi-idempotency-key-header-07), as it is kept in the
/// table `idempotency_keys` with the effect of the request. README.md has the table.
struct IdempotencyKey {
    /// What the key is unique in: the endpoint's name.
    std::string scope;
    std::string key;
    /// The same for the same request.
    core::Id fingerprint;
    core::Timestamp expires_at{};
};

/// The key of a request, remembered for `ttl`; nothing when `key` is empty. `request` is any text that is the
/// same for the same request.
std::optional<IdempotencyKey> make_idempotency_key(std::string_view scope, std::string key,
                                                   std::string_view request, std::chrono::milliseconds ttl);

/// `invalid`: what a request is answered whose key was used with another one.
core::Error key_of_another_request();

/// The keys of one transaction's requests: claimed together with their effects, in an order in which two
/// transactions cannot deadlock. Lives as long as the transaction at most; not thread-safe.
class IdempotencyKeys {
public:
    struct Use {
        const IdempotencyKey* key;
        /// What the request makes or changes.
        core::Id resource;
        core::Timestamp now;
    };
    enum class Finding { fresh, replay, other_request };

    /// Claims the keys of `uses`. Of two requests with one key the second is a replay.
    IdempotencyKeys(Transaction& transaction, std::vector<Use> uses);

    /// What a request with `key` is; the first that asks for a fresh one has it.
    Finding take(const IdempotencyKey& key);
    /// What a key was used for, in this transaction or before.
    std::optional<core::Id> resource(const IdempotencyKey& key) const;
    /// The request came to nothing: it may be sent again.
    void release(const IdempotencyKey& key);
    /// Removes what was released.
    void finish();

private:
    using Name = std::pair<std::string, std::string>;
    struct Used {
        core::Id fingerprint;
        core::Id resource;
    };

    Transaction& transaction_;
    std::set<Name> fresh_;
    std::map<Name, Used> used_;
    std::vector<Name> released_;
};

/// For one request: claims its key for `resource`. Nothing when the request is to be carried out, otherwise
/// what the first one with this key was carried out on. Throws key_of_another_request().
std::optional<core::Id> claim_idempotency_key(Transaction& transaction,
                                              const std::optional<IdempotencyKey>& key,
                                              const core::Id& resource);

/// Gives back the key of a request that came to nothing in the end: it may be sent again.
void release_idempotency_key(Transaction& transaction, const IdempotencyKey& key);

/// Housekeeping: removes the keys that have expired, in small steps. Any number of replicas may do it.
core::Task<void> purge_idempotency_keys(Pool& pool, telemetry::Context context);

}  // namespace lintel::storage
