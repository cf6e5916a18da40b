#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"
#include "lintel/storage/transaction.hpp"

namespace lintel::workflows {

/// The Idempotency-Key of a request that changes a run.
struct RequestKey {
    /// The endpoint's name.
    std::string scope;
    std::string key;
    /// The same for the same request.
    core::Id fingerprint;
    core::Timestamp expires_at{};
};

/// The keys of one transaction's requests: claimed with their effects.
class RequestKeys {
public:
    struct Use {
        const RequestKey* key;
        core::Id run;
        core::Timestamp now;
    };
    enum class Finding { fresh, replay, other_request };

    /// Claims the keys of `uses`. Of two requests with one key the second is a replay.
    RequestKeys(storage::Transaction& transaction, std::vector<Use> uses);

    /// What a request with `key` is; the first that asks for a fresh one has it.
    Finding take(const RequestKey& key);
    /// The request came to nothing: it may be sent again.
    void release(const RequestKey& key);
    /// Removes what was released.
    void finish();

private:
    using Name = std::pair<std::string, std::string>;

    storage::Transaction& transaction_;
    std::set<Name> fresh_;
    std::map<Name, core::Id> used_;
    std::vector<Name> released_;
};

}  // namespace lintel::workflows
