#include "contact_info_rules.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "contact_info_check.hpp"
#include "lintel/core/json.hpp"

namespace lintel::customers {
namespace {

using contracts::ContactInfo;
using contracts::ContactInfoDescription;
using contracts::ContactKind;
using contracts::Customer;
using core::Error;
using core::ErrorCode;

void refuse(Faults faults)
{
    if (!faults.empty())
        throw Error(ErrorCode::invalid, "the contact info is not acceptable", std::move(faults));
}

ContactInfoDescription description_of(const ContactInfo& contact)
{
    ContactInfoDescription description;
    description.kind = contact.kind;
    description.value = contact.value;
    description.address = contact.address;
    description.label = contact.label;
    description.is_verified = contact.is_verified;
    description.is_primary = contact.is_primary;
    description.owner = contact.owner;
    description.attributes = contact.attributes;
    description.metadata = contact.metadata;
    return description;
}

void describe(ContactInfo& contact, ContactInfoDescription description)
{
    contact.kind = description.kind;
    contact.value = std::move(description.value);
    contact.address = std::move(description.address);
    contact.label = std::move(description.label);
    contact.is_verified = description.is_verified;
    contact.is_primary = description.is_primary;
    contact.owner = std::move(description.owner);
    contact.attributes = std::move(description.attributes);
    contact.metadata = std::move(description.metadata);
}

ContactInfo& append(Customer& customer, const core::Id& id, ContactInfoDescription description,
                    core::Timestamp now)
{
    ContactInfo contact;
    contact.id = id;
    contact.customer_id = customer.id;
    contact.version = 1;
    contact.created_at = contact.updated_at = now;
    describe(contact, std::move(description));
    customer.contact_infos.push_back(std::move(contact));
    return customer.contact_infos.back();
}

/// Makes `chosen` the primary one of its kind.
void set_primary(Customer& customer, ContactInfo& chosen, core::Timestamp now)
{
    for (auto& other : customer.contact_infos) {
        if (other.kind != chosen.kind || !other.is_primary || other.id == chosen.id) continue;
        other.is_primary = false;
        touch(other, now);
    }
    chosen.is_primary = true;
}

/// A customer is answered whole, to workflows too, whose steps take no more.
void expect_fitting(const Customer& customer)
{
    constexpr std::size_t kMostBytes = 200U << 10U;
    if (contracts::to_json(customer).size() > kMostBytes)
        throw Error(ErrorCode::conflict, "the customer with all contact infos would have more than " +
                                             std::to_string(kMostBytes) + " bytes; delete one first");
}

bool has_kind(const Customer& customer, ContactKind kind)
{
    return std::ranges::find(customer.contact_infos, kind, &ContactInfo::kind) !=
           customer.contact_infos.end();
}

/// What a merge patch makes of a contact info. Verified is what was verified as it is.
ContactInfoDescription merged(const ContactInfo& contact, const std::string& text)
{
    const auto before = description_of(contact);
    const auto patch = core::parse_json(text);
    auto document = core::parse_json(contracts::to_json(before));
    document.merge_patch(patch);
    auto after = contracts::parse_contact_info_description(document);
    const bool is_other = after.value != before.value || after.address != before.address;
    if (is_other && !patch.contains("isVerified")) after.is_verified = false;

    Faults faults;
    if (after.kind != before.kind)
        faults.push_back({"/kind", "cannot be changed"});
    else
        check_contact_info(after, "", faults);
    if (before.is_primary && !after.is_primary)
        faults.push_back({"/isPrimary", "cannot be given up; make another one primary"});
    refuse(std::move(faults));
    return after;
}

}  // namespace

void add_first_contact_infos(Customer& customer, std::vector<ContactInfoDescription> descriptions,
                             core::Timestamp now)
{
    Faults faults;
    std::set<ContactKind> led;
    for (std::size_t at = 0; at < descriptions.size(); ++at) {
        const auto pointer = "/contactInfos/" + std::to_string(at);
        check_contact_info(descriptions[at], pointer, faults);
        if (descriptions[at].is_primary && !led.insert(descriptions[at].kind).second)
            faults.push_back({pointer + "/isPrimary", "is true for another one of this kind"});
    }
    refuse(std::move(faults));
    for (auto& description : descriptions) {
        if (led.insert(description.kind).second) description.is_primary = true;
        append(customer, core::Id::generate(), std::move(description), now);
    }
    expect_fitting(customer);
}

ContactInfo add_contact_info(Customer& customer, const core::Id& id, ContactInfoDescription description,
                             core::Timestamp now)
{
    Faults faults;
    check_contact_info(description, "", faults);
    refuse(std::move(faults));
    if (customer.contact_infos.size() >= kMostContactInfos)
        throw Error(ErrorCode::conflict, "the customer has " + std::to_string(kMostContactInfos) +
                                             " contact infos; delete one first");
    if (!has_kind(customer, description.kind)) description.is_primary = true;
    auto& contact = append(customer, id, std::move(description), now);
    if (contact.is_primary) set_primary(customer, contact, now);
    touch(customer, now);
    expect_fitting(customer);
    return contact;
}

ContactInfo patch_contact_info(Customer& customer, const contracts::ContactInfoUpdate& update,
                               core::Timestamp now)
{
    auto& contact = find_contact_info(customer, update.id);
    core::expect_version(update.expected_versions, contact.version, "contact info");
    auto after = merged(contact, update.patch);
    if (after == description_of(contact)) return contact;
    const bool becomes_primary = after.is_primary && !contact.is_primary;
    describe(contact, std::move(after));
    touch(contact, now);
    if (becomes_primary) set_primary(customer, contact, now);
    touch(customer, now);
    expect_fitting(customer);
    return contact;
}

ContactInfo remove_contact_info(Customer& customer, const contracts::ContactInfoDelete& remove,
                                core::Timestamp now)
{
    auto contact = find_contact_info(customer, remove.id);
    core::expect_version(remove.expected_versions, contact.version, "contact info");
    auto& others = customer.contact_infos;
    std::erase_if(others, [&](const ContactInfo& other) { return other.id == remove.id; });
    const auto heir = std::ranges::find(others, contact.kind, &ContactInfo::kind);
    if (contact.is_primary && heir != others.end()) {
        heir->is_primary = true;
        touch(*heir, now);
    }
    touch(customer, now);
    contact.is_primary = false;
    contact.deleted_at = now;
    touch(contact, now);
    return contact;
}

ContactInfo& find_contact_info(Customer& customer, const core::Id& id)
{
    const auto found = std::ranges::find(customer.contact_infos, id, &ContactInfo::id);
    if (found == customer.contact_infos.end())
        throw Error(ErrorCode::not_found, "the customer has no contact info " + id.to_string());
    return *found;
}

}  // namespace lintel::customers
