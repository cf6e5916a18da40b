// What callers do with the contact infos of a customer, on a real Postgres.
#include "customer_fixture.hpp"

using namespace lintel;
using namespace lintel::customers;
using core::ErrorCode;

namespace {

/// Living primary contact infos by kind, as the table has them.
std::string count_primaries(const Database& database, const std::string& kind)
{
    return database.query(
        "SELECT count(*) FROM contact_infos WHERE is_primary AND deleted_at IS NULL AND kind = '" + kind +
        "'");
}

}  // namespace

TEST_CASE("the first of a kind is primary, until another is made it")
{
    const Database database;
    Replica replica(database);
    const auto customer = replica.create({{"name", "Anna"}});
    const auto first = replica.add(customer.id, email("first@example.org"));
    CHECK(first.is_primary);
    const auto second = replica.add(customer.id, email("second@example.org"));
    CHECK_FALSE(second.is_primary);
    CHECK(replica.add(customer.id, {{"kind", "phone"}, {"value", "117"}}).is_primary);
    CHECK(primaries(replica.show(customer.id)) == "first@example.org 117 ");

    const auto third = replica.add(customer.id, email("third@example.org", true));
    CHECK(primaries(replica.show(customer.id)) == "117 third@example.org ");
    CHECK(replica.show(customer.id).contact_infos[0].version == 2);
    CHECK(replica.patch(second, {{"isPrimary", true}}, {{1}}).version == 2);
    CHECK(primaries(replica.show(customer.id)) == "second@example.org 117 ");

    SUBCASE("it cannot be given up")
    {
        for (const auto& value : {json(false), json(nullptr)})
            CHECK(refusal([&] { replica.patch(second, {{"isPrimary", value}}); }).pointers == "/isPrimary ");
        CHECK_FALSE(replica.patch(third, {{"isPrimary", false}}).is_primary);
    }
    SUBCASE("when it is deleted, the oldest that is left is")
    {
        const auto removed = replica.remove(second, {{2}});
        CHECK(removed.deleted_at);
        CHECK_FALSE(removed.is_primary);
        CHECK(primaries(replica.show(customer.id)) == "first@example.org 117 ");
        CHECK(refusal([&] { replica.remove(second); }).code == ErrorCode::not_found);
        replica.remove(first);
        replica.remove(third);
        CHECK(primaries(replica.show(customer.id)) == "117 ");
        CHECK(replica.add(customer.id, email("fourth@example.org")).is_primary);
    }
    CHECK(count_primaries(database, "email") == "1");
}

TEST_CASE("a change of a contact info is a change of its customer")
{
    const Database database;
    Replica replica(database);
    const auto customer = replica.create({{"name", "Anna"}});
    CHECK_FALSE(customer.postal_address);
    const auto bern = replica.add(customer.id, postal("Bern"));
    CHECK(replica.show(customer.id).version == 2);
    CHECK(replica.show(customer.id).postal_address->city == "Bern");
    replica.patch(bern, {{"address", {{"street", "Marktgasse 1"}}}});
    CHECK(replica.show(customer.id).version == 3);
    CHECK(replica.show(customer.id).postal_address->street == "Marktgasse 1");
    replica.patch(bern, {{"address", {{"city", "Bern"}}}});
    CHECK(replica.show(customer.id).version == 3);
    replica.remove(bern);
    CHECK(replica.show(customer.id).version == 4);
    CHECK_FALSE(replica.show(customer.id).postal_address);
}

TEST_CASE("another value is not verified, unless somebody says so")
{
    const Database database;
    Replica replica(database);
    const auto customer = replica.create({{"name", "Anna"}});
    const auto contact =
        replica.add(customer.id,
                    {{"kind", "email"}, {"value", "a@example.org"}, {"isVerified", true}, {"label", "home"}});
    CHECK(contact.is_verified);
    CHECK(replica.patch(contact, {{"label", nullptr}}).is_verified);
    CHECK_FALSE(replica.patch(contact, {{"value", "b@example.org"}}).is_verified);
    CHECK(replica.patch(contact, {{"isVerified", true}}).is_verified);
    CHECK(replica.patch(contact, {{"value", "c@example.org"}, {"isVerified", true}}).is_verified);
    CHECK(refusal([&] { replica.patch(contact, {{"value", "nobody"}}); }).pointers == "/value ");
    CHECK(refusal([&] { replica.patch(contact, {{"kind", "phone"}}); }).pointers == "/kind ");
    CHECK(refusal([&] { replica.patch(contact, {{"value", nullptr}, {"x", 1}}); }).pointers == "/x ");
    CHECK(refusal([&] { replica.patch(contact, {{"label", "x"}}, {{1}}); }).code == ErrorCode::precondition);
}

TEST_CASE("a repeated request adds one contact info")
{
    const Database database;
    Replica replica(database);
    const auto customer = replica.create({{"name", "Anna"}});
    const auto first = replica.add(customer.id, email("a@example.org"), "k");
    const auto again = replica.add(customer.id, email("a@example.org"), "k");
    CHECK_FALSE(first.is_replay);
    CHECK(again.is_replay);
    CHECK(again.id == first.id);
    CHECK(replica.show(customer.id).version == 2);
    CHECK(refusal([&] { replica.add(customer.id, email("b@example.org"), "k"); }).code == ErrorCode::invalid);
    // A request that came to nothing leaves its key free.
    CHECK(refusal([&] { replica.add(core::Id::generate(), email("b@example.org"), "l"); }).code ==
          ErrorCode::not_found);
    CHECK_FALSE(replica.add(customer.id, email("b@example.org"), "l").is_replay);
    replica.remove(first);
    CHECK(refusal([&] { replica.add(customer.id, email("a@example.org"), "k"); }).code ==
          ErrorCode::conflict);
}

TEST_CASE("a list has pages, the newest first, and one kind if that is asked for")
{
    const Database database;
    Replica replica(database);
    const auto customer = replica.create({{"name", "Anna"}});
    for (const auto* value : {"1@x", "2@x", "3@x"})
        replica.add(customer.id, email(value));
    replica.add(customer.id, {{"kind", "phone"}, {"value", "117"}});
    contracts::ContactInfoList request;
    request.customer_id = customer.id;
    request.page_size = 2;
    std::string values;
    do {
        const auto page = core::sync_wait(replica.contacts.list(soon(), request));
        for (const auto& contact : page.items)
            values += *contact.value + ' ';
        request.page_token = page.next_page_token;
    } while (request.page_token);
    CHECK(values == "117 3@x 2@x 1@x ");
    request.kind = contracts::ContactKind::phone;
    CHECK(core::sync_wait(replica.contacts.list(soon(), request)).items.size() == 1);
    const auto phone = replica.show(customer.id).contact_infos.at(3);
    CHECK(core::sync_wait(replica.contacts.get(soon(), {customer.id, phone.id})) == phone);
}

TEST_CASE("a customer has so many contact infos and no more")
{
    const Database database;
    Replica replica(database);
    json request{{"name", "Anna"}, {"contactInfos", json::array()}};
    for (int at = 0; at < 100; ++at)
        request["contactInfos"].push_back(email(std::to_string(at) + "@example.org"));
    const auto customer = replica.create(request);
    CHECK(refusal([&] { replica.add(customer.id, postal("Bern")); }).code == ErrorCode::conflict);
    replica.remove(customer.contact_infos[99]);
    CHECK(replica.add(customer.id, postal("Bern")).is_primary);
}

TEST_CASE("however many add, choose and delete at once, one of a kind is primary")
{
    const Database database;
    Replica one(database);
    Replica other(database);
    const auto customer = one.create({{"name", "Anna"}, {"contactInfos", {email("0@example.org")}}});
    std::vector<std::jthread> callers;
    for (int at = 1; at <= 8; ++at)
        callers.emplace_back([&, at] {
            auto& replica = at % 2 == 0 ? one : other;
            const auto made =
                replica.add(customer.id, email(std::to_string(at) + "@example.org", at % 3 == 0));
            replica.patch(made, {{"isPrimary", true}});
            if (at % 4 == 0) replica.remove(made);
        });
    callers.clear();
    const auto after = one.show(customer.id);
    CHECK(after.contact_infos.size() == 7);
    CHECK(count_primaries(database, "email") == "1");
    CHECK(primaries(after).size() == std::string("0@example.org ").size());
    // Each of them is a change of the customer's: none was lost.
    CHECK(after.version >= 1 + 8 + 2);
}
