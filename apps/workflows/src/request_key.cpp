#include "request_key.hpp"

#include <algorithm>

#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using storage::array_of;

std::pair<std::string, std::string> name_of(const RequestKey& key)
{
    return {key.scope, key.key};
}

std::pair<std::string, std::string> name_of(const storage::Row& row)
{
    return {row.get<std::string>("scope"), row.get<std::string>("key")};
}

}  // namespace

RequestKeys::RequestKeys(storage::Transaction& transaction, std::vector<Use> uses) : transaction_(transaction)
{
    const auto by_name = [](const Use& a, const Use& b) { return name_of(*a.key) < name_of(*b.key); };
    std::stable_sort(uses.begin(), uses.end(), by_name);
    const auto is_same = [](const Use& a, const Use& b) { return name_of(*a.key) == name_of(*b.key); };
    uses.erase(std::unique(uses.begin(), uses.end(), is_same), uses.end());
    if (uses.empty()) return;
    const auto of = [&](auto field) {
        return array_of(uses, [&](const Use& use) { return std::invoke(field, *use.key); });
    };
    const auto claimed = transaction.exec(
        sql::claim_request_keys, of(&RequestKey::scope), of(&RequestKey::key), of(&RequestKey::fingerprint),
        array_of(uses, &Use::run), array_of(uses, &Use::now), of(&RequestKey::expires_at));
    for (const auto row : claimed)
        fresh_.insert(name_of(row));
    for (const auto& use : uses)
        if (fresh_.contains(name_of(*use.key))) used_.emplace(name_of(*use.key), use.key->fingerprint);
    if (fresh_.size() == uses.size()) return;
    for (const auto row :
         transaction.exec(sql::read_request_keys, of(&RequestKey::scope), of(&RequestKey::key)))
        used_.emplace(name_of(row), row.get<core::Id>("fingerprint"));
}

RequestKeys::Finding RequestKeys::take(const RequestKey& key)
{
    if (fresh_.erase(name_of(key)) == 1) return Finding::fresh;
    const auto used = used_.find(name_of(key));
    const bool is_same = used != used_.end() && used->second == key.fingerprint;
    return is_same ? Finding::replay : Finding::other_request;
}

void RequestKeys::release(const RequestKey& key)
{
    released_.push_back(name_of(key));
}

void RequestKeys::finish()
{
    if (released_.empty()) return;
    transaction_.exec(sql::release_request_keys, array_of(released_, &Name::first),
                      array_of(released_, &Name::second));
}

}  // namespace lintel::workflows
