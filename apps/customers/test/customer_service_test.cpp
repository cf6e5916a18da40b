// What callers do with customers, on a real Postgres.
#include "customer_fixture.hpp"

#include "lintel/customers/sql/queries.hpp"

using namespace lintel;
using namespace lintel::customers;
using core::ErrorCode;

TEST_CASE("every statement fits the schema")
{
    const Database database;
    CHECK_NOTHROW(storage::prepare_all(database.url(), sql::all_queries));
}

TEST_CASE("a customer is created, shown, changed and deleted")
{
    const Database database;
    Replica replica(database);
    const auto made = replica.create({{"name", "Anna Muster"},
                                      {"attributes", {{"tier", "gold"}}},
                                      {"contactInfos", {email("anna@example.org"), postal("Bern")}}});
    CHECK(made.version == 1);
    CHECK(made.kind == contracts::CustomerKind::person);
    CHECK_FALSE(made.is_replay);
    REQUIRE(made.contact_infos.size() == 2);
    CHECK(made.contact_infos[0].version == 1);
    CHECK(primaries(made) == "anna@example.org (address) ");
    REQUIRE(made.postal_address);
    CHECK(made.postal_address->city == "Bern");
    CHECK(replica.show(made.id) == static_cast<const contracts::Customer&>(made));

    SUBCASE("a patch changes what it names")
    {
        const auto other = replica.patch(made.id, {{"kind", "company"}, {"attributes", {{"x", 1}}}}, {{1}});
        CHECK(other.version == 2);
        CHECK(json::parse(other.attributes) == json({{"tier", "gold"}, {"x", 1}}));
        CHECK(other.contact_infos == made.contact_infos);
        CHECK(replica.show(made.id) == other);
        CHECK(replica.patch(made.id, {{"kind", "company"}}).version == 2);
        CHECK(replica.patch(made.id, {{"kind", nullptr}}).kind == contracts::CustomerKind::person);
        CHECK(refusal([&] {
                  replica.patch(made.id, {{"name", "x"}}, {{1}});
              }).code == ErrorCode::precondition);
    }
    SUBCASE("what a patch makes must be acceptable")
    {
        CHECK(refusal([&] {
                  replica.patch(made.id, {{"name", nullptr}, {"kind", "robot"}});
              }).pointers == "/name /kind ");
        CHECK(refusal([&] {
                  replica.patch(made.id, {{"contactInfos", json::array()}});
              }).pointers == "/contactInfos ");
        CHECK(replica.show(made.id).version == 1);
    }
    SUBCASE("what is deleted is gone")
    {
        CHECK(refusal([&] { replica.remove(made.id, {{7}}); }).code == ErrorCode::precondition);
        const auto removed = replica.remove(made.id, {{1}});
        CHECK(removed.deleted_at);
        CHECK(removed.version == 2);
        const auto is_gone = [](auto call) { return refusal(call).code == ErrorCode::not_found; };
        CHECK(is_gone([&] { replica.show(made.id); }));
        CHECK(is_gone([&] { replica.remove(made.id); }));
        CHECK(is_gone([&] { replica.patch(made.id, json::object()); }));
        CHECK(is_gone([&] { replica.add(made.id, email("b@example.org")); }));
        CHECK(is_gone([&] { replica.patch(made.contact_infos[0], {{"label", "x"}}); }));
        CHECK(replica.names(json::object()).empty());
        CHECK(replica.names({{"email", "anna@example.org"}}).empty());
    }
}

TEST_CASE("what is no customer is refused with every fault")
{
    const Database database;
    Replica replica(database);
    const auto refused = refusal([&] {
        replica.create({{"name", "x"},
                        {"contactInfos",
                         {email("nobody"),
                          email("a@b", true),
                          email("c@d", true),
                          postal("Bern"),
                          {{"kind", "phone"}, {"address", {{"city", "Bern"}}}}}}});
    });
    CHECK(refused.code == ErrorCode::invalid);
    CHECK(refused.pointers ==
          "/contactInfos/0/value /contactInfos/2/isPrimary /contactInfos/4/address /contactInfos/4/value ");
    CHECK(database.query("SELECT count(*) FROM customers") == "0");
}

TEST_CASE("a repeated request creates one customer")
{
    const Database database;
    Replica replica(database);
    const json request{{"name", "Anna"}, {"contactInfos", {email("a@b")}}};
    const auto first = replica.create(request, "k");
    replica.patch(first.id, {{"name", "Beate"}});
    const auto again = replica.create(request, "k");
    CHECK(again.id == first.id);
    CHECK(again.is_replay);
    CHECK(again.name == "Beate");
    CHECK(refusal([&] { replica.create({{"name", "Carla"}}, "k"); }).code == ErrorCode::invalid);
    replica.remove(first.id);
    CHECK(refusal([&] { replica.create(request, "k"); }).code == ErrorCode::conflict);
    CHECK(database.query("SELECT count(*) FROM customers") == "1");
}

TEST_CASE("requests with one key that come together create one customer")
{
    const Database database;
    Replica one(database);
    Replica other(database);
    std::vector<std::jthread> callers;
    std::mutex mutex;
    std::set<core::Id> made;
    int replays = 0;
    for (int at = 0; at < 16; ++at)
        callers.emplace_back([&, at] {
            const auto answer = (at % 2 == 0 ? one : other).create({{"name", "Anna"}}, "k");
            std::lock_guard lock(mutex);
            made.insert(answer.id);
            replays += answer.is_replay ? 1 : 0;
        });
    callers.clear();
    CHECK(made.size() == 1);
    CHECK(replays == 15);
    CHECK(database.query("SELECT count(*) FROM customers") == "1");
}

TEST_CASE("customers are found by name, email, phone and city")
{
    const Database database;
    Replica replica(database);
    const auto phone = [](const std::string& value) { return json{{"kind", "phone"}, {"value", value}}; };
    const auto anna = replica.create({{"name", "Anna"},
                                      {"contactInfos",
                                       {email("anna@example.org"), email("A.Muster@Example.org"),
                                        phone("+41 44 123 45 67"), postal("Bern"), postal("Basel")}}});
    replica.create({{"name", "Anna-Lena"}, {"contactInfos", {postal("Bern"), phone("0441234567")}}});
    replica.create({{"name", "anna"}, {"contactInfos", {postal("Bern"), email("anna@example.org")}}});
    replica.create({{"name", "Urs"}, {"contactInfos", {postal("Bern"), postal("Bern")}}});
    replica.create({{"name", "Zoe"}});

    CHECK(replica.names(json::object(), 2) == "Zoe Urs anna Anna-Lena Anna ");
    CHECK(replica.names({{"namePrefix", "Anna"}}) == "Anna-Lena Anna ");
    CHECK(replica.names({{"namePrefix", "Anna"}}, 1) == "Anna-Lena Anna ");
    CHECK(replica.names({{"namePrefix", "A%"}}).empty());
    CHECK(replica.names({{"email", "a.muster@EXAMPLE.org"}}) == "Anna ");
    CHECK(replica.names({{"email", "anna@example.org"}}) == "anna Anna ");
    CHECK(replica.names({{"email", "anna@example.org"}, {"namePrefix", "A"}}) == "Anna ");
    CHECK(replica.names({{"phone", "+41441234567"}}) == "Anna ");
    CHECK(replica.names({{"phone", "044/123-45-67"}}) == "Anna-Lena ");
    CHECK(replica.names({{"phone", "none"}}).empty());
    CHECK(replica.names({{"city", "Bern"}}, 1) == "Urs anna Anna-Lena Anna ");
    CHECK(replica.names({{"city", "Bern"}, {"email", "anna@example.org"}}) == "anna Anna ");
    CHECK(replica.names({{"city", "Basel"}, {"email", "anna@example.org"}}) == "Anna ");
    CHECK(replica.names({{"city", "bern"}}).empty());
    const auto page = replica.list({{"city", "Basel"}});
    REQUIRE(page.items.size() == 1);
    CHECK(page.items[0] == static_cast<const contracts::Customer&>(anna));

    const auto basel = replica.show(anna.id).contact_infos[4];
    replica.remove(basel);
    CHECK(replica.names({{"city", "Basel"}}).empty());
    CHECK(refusal([&] { replica.list({{"pageToken", "edited"}}); }).code == ErrorCode::malformed);
}

TEST_CASE("a change that is asked for twice under one key is made once, and answered twice")
{
    const Database database;
    Replica replica(database);
    const auto made =
        replica.create({{"name", "a"}, {"contactInfos", {{{"kind", "email"}, {"value", "a@b.c"}}}}});
    CHECK(replica.patch(made.id, {{"name", "b"}}, {{1}}, "patch").version == 2);
    replica.patch(made.id, {{"kind", "company"}});
    const auto again = replica.patch(made.id, {{"name", "b"}}, {{1}}, "patch");
    CHECK(again.version == 3);
    CHECK(again.kind == contracts::CustomerKind::company);
    CHECK(refusal([&] {
              replica.patch(made.id, {{"name", "c"}}, {{1}}, "patch");
          }).code == ErrorCode::invalid);

    const auto contact = made.contact_infos.at(0);
    CHECK(replica.patch(contact, {{"label", "x"}}, {{1}}, "patch").version == 2);
    CHECK(replica.patch(contact, {{"label", "x"}}, {{1}}, "patch").version == 2);
    const auto removed = replica.remove(contact, {{2}}, "delete");
    CHECK(removed.deleted_at);
    CHECK(replica.remove(contact, {{2}}, "delete") == removed);

    const auto gone = replica.remove(made.id, {}, "delete");
    CHECK(gone.deleted_at);
    CHECK(replica.remove(made.id, {}, "delete") == gone);
    const auto is_gone = [](auto call) { return refusal(call).code == ErrorCode::not_found; };
    CHECK(is_gone([&] { replica.remove(made.id, {}, "another"); }));
    // What was refused may be asked for again: its key has not been used.
    CHECK(is_gone([&] { replica.remove(made.id, {}, "another"); }));
    CHECK(is_gone([&] { replica.patch(made.id, {{"name", "b"}}, {{1}}, "patch"); }));
}
