#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lintel/contracts/customers.hpp"
#include "lintel/core/error.hpp"

namespace lintel::customers {

using Faults = std::vector<core::FieldError>;

/// Adds what is wrong with a contact info beyond what its schema says; `at` is the pointer to it.
void check_contact_info(const contracts::ContactInfoDescription& contact, const std::string& at,
                        Faults& faults);

/// The same for email addresses that differ in upper and lower case.
std::string email_key(std::string_view email);
/// The same for phone numbers that differ in what stands between their digits.
std::string phone_key(std::string_view phone);
/// What a contact info is searched by, if it can be.
std::optional<std::string> search_key(const contracts::ContactInfo& contact);

}  // namespace lintel::customers
