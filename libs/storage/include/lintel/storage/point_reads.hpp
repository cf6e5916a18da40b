#pragma once

#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lintel/storage/batch.hpp"

namespace lintel::storage {

/// Reads of one thing by its id, coalesced: those that are asked for at the same moment are read by one
/// statement, and what several ask for is read once.
///
/// `Value` has an `id`. Thread-safe; the pool must outlive it.
template <typename Value>
class PointReads {
public:
    /// What rows of the query are. A thing may have several, and one that is not to be seen is left out.
    using Parse = std::function<std::vector<Value>(const Rows&)>;

    /// `query` takes one parameter, a uuid[].
    PointReads(Pool& pool, Query query, Parse parse)
        : reads_(pool, options(query), std::identity(),
                 [query, parse = std::move(parse)](Transaction& transaction, std::span<const core::Id> ids) {
                     return in_order(parse(transaction.exec(query, array_of(ids))), ids);
                 })
    {
    }

    /// Nothing when there is none. Errors as Batch::submit().
    core::Task<std::optional<Value>> get(telemetry::Context context, core::Id id)
    {
        return reads_.submit(std::move(context), id);
    }

private:
    static BatchOptions options(const Query& query)
    {
        BatchOptions options;
        options.name = query.name;
        options.mode = Mode::single_statement;
        options.concurrency = 2;
        options.same_key = BatchOptions::SameKey::shares;
        return options;
    }

    static std::vector<std::optional<Value>> in_order(std::vector<Value> values,
                                                      std::span<const core::Id> ids)
    {
        std::unordered_map<core::Id, Value> found;
        for (auto& value : values) {
            const auto id = value.id;
            found.emplace(id, std::move(value));
        }
        std::vector<std::optional<Value>> results;
        results.reserve(ids.size());
        for (const auto& id : ids) {
            const auto at = found.find(id);
            results.push_back(at == found.end() ? std::nullopt : std::optional(std::move(at->second)));
        }
        return results;
    }

    Batch<core::Id, std::optional<Value>> reads_;
};

}  // namespace lintel::storage
