#include "customer_repository.hpp"

#include <algorithm>

#include "contact_info_check.hpp"
#include "customer_rows.hpp"
#include "customer_rules.hpp"
#include "lintel/customers/sql/queries.hpp"

namespace lintel::customers {
namespace {

using contracts::ContactInfo;
using contracts::Customer;
using core::Error;
using core::ErrorCode;
using storage::array_of;

std::optional<Customer> first_of(const storage::Rows& rows)
{
    auto found = customers_of(rows);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::optional<Customer> load(storage::Transaction& transaction, const core::Id& id)
{
    return first_of(transaction.exec(sql::get_customers, array_of(std::vector{id})));
}

/// Those of `after` that are not in `before` as they are, and those that are not in `after` any more,
/// deleted.
std::vector<ContactInfo> differences(const Customer& before, const Customer& after)
{
    std::vector<ContactInfo> changed;
    for (const auto& contact : after.contact_infos)
        if (std::ranges::find(before.contact_infos, contact) == before.contact_infos.end())
            changed.push_back(contact);
    for (auto contact : before.contact_infos) {
        if (std::ranges::find(after.contact_infos, contact.id, &ContactInfo::id) != after.contact_infos.end())
            continue;
        contact.is_primary = false;
        contact.deleted_at = after.updated_at;
        touch(contact, after.updated_at);
        changed.push_back(std::move(contact));
    }
    return changed;
}

Customer carry_out(storage::Transaction& transaction, const core::Id& id,
                   const CustomerRepository::Change& change)
{
    transaction.exec(sql::lock_customer, id);
    const auto before = load(transaction, id);
    if (!before) throw no_such_customer(id);
    auto customer = *before;
    change(customer);
    complete(customer);
    if (customer == *before) return customer;
    save_customer(transaction, customer);
    save_contact_infos(transaction, differences(*before, customer));
    return customer;
}

/// The contact infos that are asked for, the one that narrows most before the others.
struct Wanted {
    std::vector<std::string_view> kinds;
    std::vector<std::string> keys;
};

Wanted wanted(const contracts::CustomerList& filter)
{
    Wanted all;
    const auto want = [&](contracts::ContactKind kind, std::string key) {
        all.kinds.push_back(contracts::to_string(kind));
        all.keys.push_back(std::move(key));
    };
    if (filter.email) want(contracts::ContactKind::email, email_key(*filter.email));
    if (filter.phone) want(contracts::ContactKind::phone, phone_key(*filter.phone));
    if (filter.city) want(contracts::ContactKind::postal, *filter.city);
    return all;
}

/// The list query whose leading filter narrows most.
const storage::Query& list_query(const contracts::CustomerList& filter)
{
    if (filter.email || filter.phone) return sql::list_customers_by_contact;
    if (filter.name_prefix) return sql::list_customers_by_name;
    return filter.city ? sql::list_customers_by_contact : sql::list_customers;
}

/// Above every text that begins with `prefix`, in the order of bytes: followed by the last code point.
std::optional<std::string> after_prefix(const std::optional<std::string>& prefix)
{
    return prefix ? std::optional(*prefix + "\U0010FFFF") : std::nullopt;
}

}  // namespace

Error no_such_customer(const core::Id& id)
{
    return Error(ErrorCode::not_found, "there is no customer " + id.to_string());
}

CustomerRepository::CustomerRepository(storage::Pool& pool)
    : pool_(pool), reads_(pool, sql::get_customers, customers_of)
{
}

core::Task<CustomerRepository::Created> CustomerRepository::create(telemetry::Context context,
                                                                   Customer customer,
                                                                   std::optional<storage::IdempotencyKey> key)
{
    auto body = [customer = std::move(customer), key](storage::Transaction& transaction) {
        const auto used = storage::claim_idempotency_key(transaction, key, customer.id);
        if (!used) {
            save_customer(transaction, customer);
            save_contact_infos(transaction, customer.contact_infos);
            return Created{customer, false};
        }
        auto known = load(transaction, *used);
        if (!known)
            throw Error(ErrorCode::conflict,
                        "the customer of this Idempotency-Key was created and has been deleted");
        return Created{std::move(*known), true};
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<Customer>> CustomerRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<std::vector<Customer>> CustomerRepository::list(telemetry::Context context,
                                                           contracts::CustomerList filter, core::Id before,
                                                           std::int64_t limit)
{
    const auto contacts = wanted(filter);
    const auto rows = co_await pool_.query(std::move(context), list_query(filter), before, limit,
                                           filter.name_prefix, after_prefix(filter.name_prefix),
                                           array_of(contacts.kinds), array_of(contacts.keys));
    co_return customers_of(rows);
}

core::Task<CustomerRepository::Changed> CustomerRepository::change(telemetry::Context context, core::Id id,
                                                                   Change change, Use use)
{
    auto body = [id, change = std::move(change), use = std::move(use)](storage::Transaction& transaction) {
        const auto replayed = storage::claim_idempotency_key(transaction, use.key, use.resource);
        if (!replayed) return Changed{carry_out(transaction, id, change), std::nullopt};
        auto known = load(transaction, id);
        if (!known) throw no_such_customer(id);
        return Changed{std::move(*known), replayed};
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<Customer> CustomerRepository::remove(telemetry::Context context, core::Id id, Change change,
                                                std::optional<storage::IdempotencyKey> key)
{
    auto body = [id, change = std::move(change), key](storage::Transaction& transaction) {
        if (!storage::claim_idempotency_key(transaction, key, id)) return carry_out(transaction, id, change);
        auto known = first_of(transaction.exec(sql::get_deleted_customer, id));
        if (!known) throw no_such_customer(id);
        return std::move(*known);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<ContactInfo>> CustomerRepository::get_deleted_contact_info(
    telemetry::Context context, core::Id id)
{
    const auto rows = co_await pool_.query(std::move(context), sql::get_deleted_contact_info, id);
    co_return deleted_contact_info_of(rows);
}

}  // namespace lintel::customers
