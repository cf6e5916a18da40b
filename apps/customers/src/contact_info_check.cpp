#include "contact_info_check.hpp"

#include <algorithm>

namespace lintel::customers {
namespace {

using contracts::ContactKind;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_space_or_control(char c)
{
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

/// As far as can be said without asking its host: one @ with something on both sides, and no spaces.
bool is_email(std::string_view text)
{
    const auto at = text.find('@');
    return at != text.npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos &&
           std::ranges::none_of(text, is_space_or_control);
}

/// E.164 has 15 digits at most; extensions and access codes come on top.
bool is_phone(std::string_view text)
{
    constexpr std::string_view kBetween = " -./()";
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto digits = std::ranges::count_if(text, is_digit);
    return digits >= 3 && digits <= 20 && std::ranges::all_of(text, [&](char c) {
               return is_digit(c) || kBetween.find(c) != kBetween.npos;
           });
}

}  // namespace

void check_contact_info(const contracts::ContactInfoDescription& contact, const std::string& at,
                        Faults& faults)
{
    const bool is_postal = contact.kind == ContactKind::postal;
    if (is_postal && contact.value)
        faults.push_back({at + "/value", "must be absent where there is an address"});
    if (!is_postal && contact.address) faults.push_back({at + "/address", "is for postal ones only"});
    if (is_postal) {
        if (!contact.address || *contact.address == contracts::Address{})
            faults.push_back({at + "/address", "must be there and say something"});
    } else if (!contact.value) {
        faults.push_back({at + "/value", "is missing"});
    } else if (contact.kind == ContactKind::email && !is_email(*contact.value)) {
        faults.push_back({at + "/value", "is no email address"});
    } else if (contact.kind == ContactKind::phone && !is_phone(*contact.value)) {
        faults.push_back({at + "/value", "is no phone number"});
    }
}

std::string email_key(std::string_view email)
{
    std::string key(email);
    for (auto& c : key)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return key;
}

std::string phone_key(std::string_view phone)
{
    std::string key;
    std::ranges::copy_if(phone, std::back_inserter(key), is_digit);
    return key;
}

std::optional<std::string> search_key(const contracts::ContactInfo& contact)
{
    switch (contact.kind) {
        case ContactKind::email:
            return email_key(contact.value.value_or(""));
        case ContactKind::phone:
            return phone_key(contact.value.value_or(""));
        case ContactKind::postal:
            break;
    }
    return contact.address ? contact.address->city : std::nullopt;
}

}  // namespace lintel::customers
