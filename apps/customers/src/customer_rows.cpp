#include "customer_rows.hpp"

#include "contact_info_check.hpp"
#include "customer_rules.hpp"
#include "lintel/core/json.hpp"
#include "lintel/customers/sql/queries.hpp"

#include <nlohmann/json.hpp>

namespace lintel::customers {
namespace {

using contracts::ContactInfo;
using contracts::Customer;
using core::Error;
using core::ErrorCode;
using storage::array_of;

contracts::CustomerKind customer_kind(std::string_view text)
{
    const auto kind = contracts::customer_kind_from_string(text);
    if (!kind) throw Error(ErrorCode::internal, "a stored customer has an unknown kind");
    return *kind;
}

contracts::ContactKind contact_kind(std::string_view text)
{
    const auto kind = contracts::contact_kind_from_string(text);
    if (!kind) throw Error(ErrorCode::internal, "a stored contact info has an unknown kind");
    return *kind;
}

Customer customer_of(const storage::Row& row)
{
    Customer customer;
    customer.id = row.get<core::Id>("id");
    customer.version = row.get<std::int64_t>("version");
    customer.name = row.get<std::string>("name");
    customer.kind = customer_kind(row.get<std::string_view>("kind"));
    customer.owner.user_id = row.get<std::optional<std::string>>("owner_user_id");
    customer.owner.org_id = row.get<std::optional<std::string>>("owner_org_id");
    customer.attributes = row.get<std::string>("attributes");
    customer.metadata = row.get<std::string>("metadata");
    customer.created_at = row.get<core::Timestamp>("created_at");
    customer.updated_at = row.get<core::Timestamp>("updated_at");
    customer.deleted_at = row.get<std::optional<core::Timestamp>>("deleted_at");
    return customer;
}

ContactInfo contact_of(const storage::Row& row)
{
    ContactInfo contact;
    contact.id = row.get<core::Id>("contact_id");
    contact.customer_id = row.get<core::Id>("id");
    contact.version = row.get<std::int64_t>("contact_version");
    contact.kind = contact_kind(row.get<std::string_view>("contact_kind"));
    contact.value = row.get<std::optional<std::string>>("value");
    if (const auto address = row.get<std::optional<std::string_view>>("address"))
        contact.address = contracts::parse_address(core::parse_json(*address));
    contact.label = row.get<std::optional<std::string>>("label");
    contact.is_verified = row.get<bool>("is_verified");
    contact.is_primary = row.get<bool>("is_primary");
    contact.owner.user_id = row.get<std::optional<std::string>>("contact_owner_user_id");
    contact.owner.org_id = row.get<std::optional<std::string>>("contact_owner_org_id");
    contact.attributes = row.get<std::string>("contact_attributes");
    contact.metadata = row.get<std::string>("contact_metadata");
    contact.created_at = row.get<core::Timestamp>("contact_created_at");
    contact.updated_at = row.get<core::Timestamp>("contact_updated_at");
    return contact;
}

std::optional<std::string> address_text(const ContactInfo& contact)
{
    return contact.address ? std::optional(contracts::to_json(*contact.address)) : std::nullopt;
}

}  // namespace

std::vector<Customer> customers_of(const storage::Rows& rows)
{
    std::vector<Customer> customers;
    for (const auto row : rows) {
        if (customers.empty() || customers.back().id != row.get<core::Id>("id"))
            customers.push_back(customer_of(row));
        if (row.get<std::optional<core::Id>>("contact_id"))
            customers.back().contact_infos.push_back(contact_of(row));
    }
    for (auto& customer : customers)
        complete(customer);
    return customers;
}

std::optional<ContactInfo> deleted_contact_info_of(const storage::Rows& rows)
{
    if (rows.empty()) return std::nullopt;
    auto contact = contact_of(rows[0]);
    contact.deleted_at = rows[0].get<core::Timestamp>("contact_deleted_at");
    return contact;
}

void save_customer(storage::Transaction& transaction, const Customer& customer)
{
    transaction.exec(sql::save_customer, customer.id, customer.version, customer.name,
                     contracts::to_string(customer.kind), customer.owner.user_id, customer.owner.org_id,
                     customer.attributes, customer.metadata, customer.created_at, customer.updated_at,
                     customer.deleted_at);
}

void save_contact_infos(storage::Transaction& transaction, const std::vector<ContactInfo>& contacts)
{
    if (contacts.empty()) return;
    const auto of = [&](auto field) { return array_of(contacts, field); };
    transaction.exec(sql::save_contact_infos, of(&ContactInfo::id), of(&ContactInfo::customer_id),
                     of(&ContactInfo::version),
                     of([](const ContactInfo& c) { return contracts::to_string(c.kind); }),
                     of(&ContactInfo::value), of(address_text), of(&ContactInfo::label),
                     of(&ContactInfo::is_verified), of(&ContactInfo::is_primary), of(search_key),
                     of([](const ContactInfo& c) { return c.owner.user_id; }),
                     of([](const ContactInfo& c) { return c.owner.org_id; }), of(&ContactInfo::attributes),
                     of(&ContactInfo::metadata), of(&ContactInfo::created_at), of(&ContactInfo::updated_at),
                     of(&ContactInfo::deleted_at));
}

}  // namespace lintel::customers
