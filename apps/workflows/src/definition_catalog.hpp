#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "lintel/storage/transaction.hpp"
#include "lintel/workflow/definition.hpp"

namespace lintel::workflows {

/// A definition as the engine uses it.
struct CatalogEntry {
    std::shared_ptr<const workflow::Definition> definition;
    /// Whether a run of it can wait for signals at all.
    bool takes_signals = false;
};

/// The definitions that this process has used, by name and version. A version never changes, so that what has
/// been read once stays true. Thread-safe.
class DefinitionCatalog {
public:
    /// Reads it in `transaction` when it is needed for the first time. Throws Error{not_found}. `version` 0
    /// is the newest, which is read every time.
    CatalogEntry get(storage::Transaction& transaction, const std::string& name, std::int64_t version);

private:
    std::mutex mutex_;
    std::map<std::pair<std::string, std::int64_t>, CatalogEntry> known_;
};

/// The definition in a stored document, under the version it was stored with.
std::shared_ptr<const workflow::Definition> stored_definition(std::string_view document,
                                                              std::int64_t version);

}  // namespace lintel::workflows
