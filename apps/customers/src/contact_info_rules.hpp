#pragma once

#include <string>
#include <vector>

#include "customer_rules.hpp"

namespace lintel::customers {

// What becomes of a customer's contact infos: plain functions, nothing of which is stored yet. Of each kind
// that a customer has, exactly one is primary: the first, until another is made it; when it goes, the oldest
// that is left. A change of a contact info is a change of the customer.

/// How many contact infos a customer may have.
inline constexpr std::size_t kMostContactInfos = 100;

/// Of a new customer. Throws Error{invalid} with every fault.
void add_first_contact_infos(contracts::Customer& customer,
                             std::vector<contracts::ContactInfoDescription> descriptions,
                             core::Timestamp now);

/// Throws Error{invalid} with every fault, and Error{conflict} when there are too many.
contracts::ContactInfo add_contact_info(contracts::Customer& customer, const core::Id& id,
                                        contracts::ContactInfoDescription description, core::Timestamp now);

/// Throws Error{invalid} with every fault, {not_found} and {precondition}.
contracts::ContactInfo patch_contact_info(contracts::Customer& customer,
                                          const contracts::ContactInfoUpdate& update, core::Timestamp now);

/// Returns it as it was at last. Throws Error{not_found} and {precondition}.
contracts::ContactInfo remove_contact_info(contracts::Customer& customer,
                                           const contracts::ContactInfoDelete& remove, core::Timestamp now);

/// Throws Error{not_found}.
contracts::ContactInfo& find_contact_info(contracts::Customer& customer, const core::Id& id);

}  // namespace lintel::customers
