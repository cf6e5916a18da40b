// What is a contact info, and how it is searched by.
#include <doctest/doctest.h>

#include "contact_info_check.hpp"

using namespace lintel;
using namespace lintel::customers;
using contracts::ContactKind;

namespace {

std::string faults(ContactKind kind, std::optional<std::string> value,
                   std::optional<contracts::Address> address = std::nullopt)
{
    contracts::ContactInfoDescription contact;
    contact.kind = kind;
    contact.value = std::move(value);
    contact.address = std::move(address);
    Faults found;
    check_contact_info(contact, "/contactInfos/3", found);
    std::string all;
    for (const auto& fault : found)
        all += fault.pointer.substr(15) + ' ';
    return all;
}

contracts::Address in_zurich()
{
    contracts::Address address;
    address.city = "Zürich";
    return address;
}

}  // namespace

TEST_CASE("an email address has one @ and no spaces")
{
    for (const auto* good : {"a@b", "anna.muster+x@mail.example.org", "jürg@zürich.example"})
        CHECK_MESSAGE(faults(ContactKind::email, good).empty(), good);
    for (const auto* bad : {"", "anna", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "a@\tb", "044 123"})
        CHECK_MESSAGE(faults(ContactKind::email, bad) == "/value ", bad);
}

TEST_CASE("a phone number has 3 to 20 digits, apart if need be")
{
    for (const auto* good : {"117", "+41 44 123 45 67", "(0)44/123-45.67", "00000000000000000000"})
        CHECK_MESSAGE(faults(ContactKind::phone, good).empty(), good);
    for (const auto* bad : {"", "12", "+", "1+23", "044 12E 45", "000000000000000000000", "anna@example.org"})
        CHECK_MESSAGE(faults(ContactKind::phone, bad) == "/value ", bad);
}

TEST_CASE("an address is for postal ones, a value for the others")
{
    CHECK(faults(ContactKind::postal, std::nullopt, in_zurich()).empty());
    CHECK(faults(ContactKind::postal, std::nullopt) == "/address ");
    CHECK(faults(ContactKind::postal, std::nullopt, contracts::Address{}) == "/address ");
    CHECK(faults(ContactKind::postal, "Zürich") == "/value /address ");
    CHECK(faults(ContactKind::email, "a@b", in_zurich()) == "/address ");
    CHECK(faults(ContactKind::phone, std::nullopt, in_zurich()) == "/address /value ");
    CHECK(faults(ContactKind::email, std::nullopt) == "/value ");
}

TEST_CASE("what looks different and is the same has the same key")
{
    CHECK(email_key("Anna.Muster@Example.ORG") == "anna.muster@example.org");
    CHECK(phone_key("+41 (44) 123-45.67") == "41441234567");
    contracts::ContactInfo contact;
    contact.kind = ContactKind::postal;
    CHECK_FALSE(search_key(contact));
    contact.address = in_zurich();
    CHECK(search_key(contact) == "Zürich");
}
