#include "order_changes.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "lintel/core/error.hpp"
#include "lintel/main/sql/queries.hpp"

namespace lintel::main {
namespace {

using Kind = OrderChanged::Kind;
using storage::IdempotencyKeys;

/// One transaction of the batch.
class Sitting {
public:
    Sitting(storage::Transaction& transaction, std::span<const OrderChange> changes)
        : transaction_(transaction), changes_(changes), now_(core::now())
    {
        lock_orders();
        load_returns();
        find_events();
        keys_.emplace(transaction_, uses_of_keys());
    }

    std::vector<OrderChanged> decide()
    {
        std::vector<OrderChanged> results;
        for (const auto& change : changes_)
            results.push_back(decide_one(change));
        update_orders(transaction_, changed_, is_rewritten_);
        for (const auto& made : new_returns_)
            insert_order_return(transaction_, made);
        update_order_returns(transaction_, changed_returns_);
        insert_order_events(transaction_, events_);
        if (!intents_.empty()) storage::insert_intents(transaction_, intents_);
        keys_->finish();
        return results;
    }

private:
    void lock_orders()
    {
        for (const auto row :
             transaction_.exec(sql::lock_orders, storage::array_of(changes_, &OrderChange::order))) {
            auto stored = order_of(row);
            orders_.emplace(stored.order.id, std::move(stored));
        }
    }

    void load_returns()
    {
        std::vector<core::Id> ids;
        for (const auto& change : changes_)
            if (change.order_return) ids.push_back(*change.order_return);
        load_returns(ids);
    }
    void load_returns(const std::vector<core::Id>& ids)
    {
        if (ids.empty()) return;
        for (const auto row : transaction_.exec(sql::get_order_returns, storage::array_of(ids))) {
            auto made = order_return_of(row);
            returns_.emplace(made.id, std::move(made));
        }
    }

    void find_events()
    {
        const auto found =
            transaction_.exec(sql::find_order_events, storage::array_of(changes_, &OrderChange::order),
                              storage::array_of(changes_, &OrderChange::event_key));
        for (const auto row : found)
            known_events_.emplace(row.get<core::Id>("order_id"), row.get<core::Id>("fingerprint"));
    }

    std::vector<IdempotencyKeys::Use> uses_of_keys()
    {
        std::vector<IdempotencyKeys::Use> uses;
        for (const auto& change : changes_)
            if (change.request_key && orders_.contains(change.order))
                uses.push_back({&*change.request_key, change.order_return.value_or(change.order), now_});
        return uses;
    }

    OrderChanged decide_one(const OrderChange& change);
    /// Whether the request was carried out before; then the draft has the return that came of it. Throws when
    /// its key was used with another one.
    bool is_replay(const OrderChange& change, OrderDraft& draft);
    std::optional<contracts::OrderReturn> return_of(const core::Id& order, const std::optional<core::Id>& id);
    void keep(const OrderChange& change, StoredOrder& stored, OrderDraft& draft, OrderDecision decision);

    storage::Transaction& transaction_;
    const std::span<const OrderChange> changes_;
    const core::Timestamp now_;
    std::unordered_map<core::Id, StoredOrder> orders_;
    std::unordered_map<core::Id, contracts::OrderReturn> returns_;
    /// What the key of each order's change was used for.
    std::unordered_map<core::Id, core::Id> known_events_;
    std::optional<IdempotencyKeys> keys_;

    std::vector<StoredOrder> changed_;
    std::vector<bool> is_rewritten_;
    std::vector<contracts::OrderReturn> new_returns_;
    std::vector<contracts::OrderReturn> changed_returns_;
    std::vector<NewOrderEvent> events_;
    std::vector<storage::NewIntent> intents_;
};

OrderChanged Sitting::decide_one(const OrderChange& change)
{
    const auto found = orders_.find(change.order);
    if (found == orders_.end()) return {};
    OrderChanged result{
        Kind::unchanged, {found->second.order, return_of(change.order, change.order_return)}, {}};
    bool has_claimed = false;
    try {
        if (is_replay(change, result.draft)) {
            result.kind = Kind::replayed;
            return result;
        }
        has_claimed = change.request_key.has_value();
        auto draft = result.draft;
        auto decision = change.decide(draft, now_);
        if (!decision.event.empty()) {
            keep(change, found->second, draft, std::move(decision));
            result.kind = Kind::changed;
        }
        result.draft = std::move(draft);
    } catch (const core::Error&) {
        // A key that another request has used stays what it was used for.
        if (has_claimed) keys_->release(*change.request_key);
        result.kind = Kind::refused;
        result.error = std::current_exception();
    }
    return result;
}

bool Sitting::is_replay(const OrderChange& change, OrderDraft& draft)
{
    if (const auto known = known_events_.find(change.order); known != known_events_.end()) {
        if (known->second != change.fingerprint) throw storage::key_of_another_request();
        return true;
    }
    if (!change.request_key) return false;
    switch (keys_->take(*change.request_key)) {
        case IdempotencyKeys::Finding::fresh:
            return false;
        case IdempotencyKeys::Finding::other_request:
            throw storage::key_of_another_request();
        case IdempotencyKeys::Finding::replay:
            break;
    }
    if (change.order_return) {
        const auto made = keys_->resource(*change.request_key);
        if (made && !returns_.contains(*made)) load_returns({*made});
        draft.order_return = return_of(change.order, made);
    }
    return true;
}

std::optional<contracts::OrderReturn> Sitting::return_of(const core::Id& order,
                                                         const std::optional<core::Id>& id)
{
    const auto found = id ? returns_.find(*id) : returns_.end();
    const bool is_of_order = found != returns_.end() && found->second.order_id == order;
    return is_of_order ? std::optional(found->second) : std::nullopt;
}

void Sitting::keep(const OrderChange& change, StoredOrder& stored, OrderDraft& draft, OrderDecision decision)
{
    auto& order = draft.order;
    ++order.version;
    order.updated_at = now_;
    is_rewritten_.push_back(order.lines != stored.order.lines);
    changed_.push_back({order, stored.events + 1});
    NewOrderEvent event;
    event.order = order.id;
    event.number = stored.events + 1;
    event.at = now_;
    event.type = std::move(decision.event);
    event.status = order.status;
    event.workflow = change.workflow;
    if (!change.event_key.empty()) {
        event.key = change.event_key;
        event.fingerprint = change.fingerprint;
    } else if (change.request_key) {
        event.key = change.request_key->key;
    }
    event.trace_id = change.trace_id;
    event.data = std::move(decision.data);
    events_.push_back(std::move(event));
    std::ranges::move(decision.intents, std::back_inserter(intents_));
    if (!draft.order_return) return;
    if (decision.is_new_return) {
        new_returns_.push_back(*draft.order_return);
    } else {
        ++draft.order_return->version;
        draft.order_return->updated_at = now_;
        changed_returns_.push_back(*draft.order_return);
    }
}

storage::BatchOptions batch_options()
{
    storage::BatchOptions options;
    options.name = "change_orders";
    return options;
}

std::vector<OrderChanged> change_orders(storage::Transaction& transaction,
                                        std::span<const OrderChange> changes)
{
    return Sitting(transaction, changes).decide();
}

}  // namespace

// Changes of one order go one after the other: a batch has one of each at most.
OrderChanges::OrderChanges(storage::Pool& pool)
    : batch_(
          pool, batch_options(), [](const OrderChange& change) { return change.order; }, change_orders)
{
}

core::Task<OrderChanged> OrderChanges::submit(telemetry::Context context, OrderChange change)
{
    auto changed = co_await batch_.submit(std::move(context), std::move(change));
    if (changed.kind == Kind::refused) std::rethrow_exception(changed.error);
    co_return changed;
}

}  // namespace lintel::main
