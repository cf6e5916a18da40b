#include "customer_rules.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "contact_info_rules.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::customers {
namespace {

using contracts::Customer;
using contracts::CustomerDescription;
using core::Error;
using core::ErrorCode;

CustomerDescription description_of(const Customer& customer)
{
    CustomerDescription description;
    description.name = customer.name;
    description.kind = customer.kind;
    description.owner = customer.owner;
    description.attributes = customer.attributes;
    description.metadata = customer.metadata;
    return description;
}

void describe(Customer& customer, CustomerDescription description)
{
    customer.name = std::move(description.name);
    customer.kind = description.kind;
    customer.owner = std::move(description.owner);
    customer.attributes = std::move(description.attributes);
    customer.metadata = std::move(description.metadata);
}

}  // namespace

Customer new_customer(contracts::CustomerCreate request, core::Timestamp now)
{
    Customer customer;
    customer.id = core::Id::generate();
    customer.version = 1;
    customer.created_at = customer.updated_at = now;
    add_first_contact_infos(customer, std::move(request.contact_infos), now);
    describe(customer, std::move(request));
    complete(customer);
    return customer;
}

Customer patched(Customer customer, const std::string& patch, core::Timestamp now)
{
    const auto before = description_of(customer);
    auto document = core::parse_json(contracts::to_json(before));
    document.merge_patch(core::parse_json(patch));
    auto after = contracts::parse_customer_description(document);
    if (after == before) return customer;
    describe(customer, std::move(after));
    touch(customer, now);
    return customer;
}

Customer deleted(Customer customer, core::Timestamp now)
{
    touch(customer, now);
    customer.deleted_at = now;
    return customer;
}

void complete(Customer& customer)
{
    customer.postal_address.reset();
    for (const auto& contact : customer.contact_infos)
        if (contact.kind == contracts::ContactKind::postal && contact.is_primary)
            customer.postal_address = contact.address;
}

}  // namespace lintel::customers
