#pragma once

#include <string>

#include "lintel/contracts/customers.hpp"
#include "lintel/core/version.hpp"

namespace lintel::customers {

// What a customer becomes: plain functions, nothing of which is stored yet.

/// The next version of a customer or contact info.
template <typename Entity>
void touch(Entity& entity, core::Timestamp now)
{
    ++entity.version;
    entity.updated_at = now;
}

/// Throws Error{invalid} with every fault of the contact infos.
contracts::Customer new_customer(contracts::CustomerCreate request, core::Timestamp now);

/// As the merge patch makes it; the same when nothing is changed. Throws Error{invalid} with every fault.
contracts::Customer patched(contracts::Customer customer, const std::string& patch, core::Timestamp now);

contracts::Customer deleted(contracts::Customer customer, core::Timestamp now);

/// Sets what a customer is shown with beside what is stored.
void complete(contracts::Customer& customer);

}  // namespace lintel::customers
