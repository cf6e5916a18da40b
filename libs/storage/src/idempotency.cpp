#include "lintel/storage/idempotency.hpp"

#include <algorithm>
#include <functional>

#include "lintel/storage/sql/queries.hpp"

namespace lintel::storage {
namespace {

constexpr std::size_t kPurgedAtOnce = 500;
constexpr std::chrono::milliseconds kPurgePatience{5000};

std::pair<std::string, std::string> name_of(const IdempotencyKey& key)
{
    return {key.scope, key.key};
}

std::pair<std::string, std::string> name_of(const Row& row)
{
    return {row.get<std::string>("scope"), row.get<std::string>("key")};
}

/// Sorted, each key once.
void arrange(std::vector<IdempotencyKeys::Use>& uses)
{
    const auto by_name = [](const auto& a, const auto& b) { return name_of(*a.key) < name_of(*b.key); };
    std::stable_sort(uses.begin(), uses.end(), by_name);
    const auto is_same = [](const auto& a, const auto& b) { return name_of(*a.key) == name_of(*b.key); };
    uses.erase(std::unique(uses.begin(), uses.end(), is_same), uses.end());
}

}  // namespace

std::optional<IdempotencyKey> make_idempotency_key(std::string_view scope, std::string key,
                                                   std::string_view request, std::chrono::milliseconds ttl)
{
    if (key.empty()) return std::nullopt;
    return IdempotencyKey{std::string(scope), std::move(key), core::Id::derive(core::Id(), request),
                          core::now() + ttl};
}

core::Error key_of_another_request()
{
    return core::Error(core::ErrorCode::invalid,
                       "the Idempotency-Key was used with another request; use a new key for a new request");
}

IdempotencyKeys::IdempotencyKeys(Transaction& transaction, std::vector<Use> uses) : transaction_(transaction)
{
    arrange(uses);
    if (uses.empty()) return;
    const auto of = [&](auto field) {
        return array_of(uses, [&](const Use& use) { return std::invoke(field, *use.key); });
    };
    const auto claimed =
        transaction.exec(sql::claim_idempotency_keys, of(&IdempotencyKey::scope), of(&IdempotencyKey::key),
                         of(&IdempotencyKey::fingerprint), array_of(uses, &Use::resource),
                         array_of(uses, &Use::now), of(&IdempotencyKey::expires_at));
    for (const auto row : claimed)
        fresh_.insert(name_of(row));
    for (const auto& use : uses)
        if (fresh_.contains(name_of(*use.key)))
            used_.emplace(name_of(*use.key), Used{use.key->fingerprint, use.resource});
    if (fresh_.size() == uses.size()) return;
    for (const auto row :
         transaction.exec(sql::read_idempotency_keys, of(&IdempotencyKey::scope), of(&IdempotencyKey::key)))
        used_.emplace(name_of(row), Used{row.get<core::Id>("fingerprint"), row.get<core::Id>("resource_id")});
}

IdempotencyKeys::Finding IdempotencyKeys::take(const IdempotencyKey& key)
{
    if (fresh_.erase(name_of(key)) == 1) return Finding::fresh;
    const auto used = used_.find(name_of(key));
    const bool is_same = used != used_.end() && used->second.fingerprint == key.fingerprint;
    return is_same ? Finding::replay : Finding::other_request;
}

std::optional<core::Id> IdempotencyKeys::resource(const IdempotencyKey& key) const
{
    const auto used = used_.find(name_of(key));
    return used == used_.end() ? std::nullopt : std::optional(used->second.resource);
}

void IdempotencyKeys::release(const IdempotencyKey& key)
{
    released_.push_back(name_of(key));
}

void IdempotencyKeys::finish()
{
    if (released_.empty()) return;
    transaction_.exec(sql::release_idempotency_keys, array_of(released_, &Name::first),
                      array_of(released_, &Name::second));
}

std::optional<core::Id> claim_idempotency_key(Transaction& transaction,
                                              const std::optional<IdempotencyKey>& key,
                                              const core::Id& resource)
{
    if (!key) return std::nullopt;
    IdempotencyKeys keys(transaction, {{&*key, resource, core::now()}});
    switch (keys.take(*key)) {
        case IdempotencyKeys::Finding::fresh:
            return std::nullopt;
        case IdempotencyKeys::Finding::other_request:
            throw key_of_another_request();
        case IdempotencyKeys::Finding::replay:
            break;
    }
    return keys.resource(*key);
}

void release_idempotency_key(Transaction& transaction, const IdempotencyKey& key)
{
    transaction.exec(sql::release_idempotency_keys, array_of(std::vector{key.scope}),
                     array_of(std::vector{key.key}));
}

core::Task<void> purge_idempotency_keys(Pool& pool, telemetry::Context context)
{
    std::size_t removed = 0;
    do {
        const auto rows = co_await pool.execute(context.at_most(kPurgePatience), sql::purge_idempotency_keys,
                                                kPurgedAtOnce);
        removed = rows.affected();
    } while (removed == kPurgedAtOnce);
}

}  // namespace lintel::storage
