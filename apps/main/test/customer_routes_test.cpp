// Main's routes to customers over a real broker: what reaches a worker, and what the client is answered.
#include <doctest/doctest.h>

#include "lintel/contracts/customers_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using main::test::Rest;
using nlohmann::json;

namespace {

const core::Id kCustomer = *core::Id::parse("019a9f5e-8b10-7c21-8d32-1e4f5a6b7c80");
const core::Id kContact = *core::Id::parse("019a9f5e-8b11-7c21-8d32-1e4f5a6b7c81");
const std::string kPath = "/v1/customers/" + kCustomer.to_string();
const std::string kContacts = kPath + "/contact-infos";
const std::string kContactPath = kContacts + "/" + kContact.to_string();

template <typename T = contracts::Customer>
T customer(bool is_replay = false)
{
    T one;
    one.id = kCustomer;
    one.name = "Anna";
    one.version = 4;
    if constexpr (requires { one.is_replay; }) one.is_replay = is_replay;
    return one;
}

template <typename T = contracts::ContactInfo>
T contact()
{
    T one;
    one.id = kContact;
    one.customer_id = kCustomer;
    one.value = "anna@example.org";
    one.version = 2;
    return one;
}

std::string pointers(const main::test::Answer& answer)
{
    std::string all;
    for (const auto& fault : answer.body.at("errors"))
        all += fault.at("pointer").get<std::string>() + " ";
    return all;
}

}  // namespace

TEST_CASE("a customer is created with the caller's key, and read for those who do not have it")
{
    Rest rest;
    rest.worker.answers<contracts::CustomersCreate>([](const contracts::CustomerCreate& asked) {
        return customer<contracts::CustomerCreated>(asked.name == "again");
    });
    rest.worker.answers<contracts::CustomersGet>([](const auto&) { return customer(); });
    rest.worker.answers<contracts::CustomersList>([](const auto&) {
        contracts::CustomerPage page;
        page.items.push_back(customer());
        return page;
    });
    rest.start();
    const auto fresh = rest.post("/v1/customers", R"({"name":"Anna"})", "Idempotency-Key: k-1\r\n");
    CHECK(fresh.status == 201);
    CHECK(fresh.header("Location") == kPath);
    CHECK(fresh.header("ETag") == "\"4\"");
    CHECK(fresh.header("Idempotency-Replayed").empty());
    CHECK_FALSE(fresh.body.contains("isReplay"));
    CHECK(fresh.body.at("contactInfos") == json::array());
    CHECK(rest.worker.asked("customers.create").at(0).idempotency_key == "k-1");
    const auto again = rest.post("/v1/customers", R"({"name":"again"})", "Idempotency-Key: k-2\r\n");
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(pointers(rest.post("/v1/customers", R"({"contactInfos":[{"kind":"fax"}],"id":1})")) ==
          "/name /contactInfos/0/kind /id ");

    CHECK(rest.get(kPath).body.at("name") == "Anna");
    CHECK(rest.get(kPath, "If-None-Match: \"4\"\r\n").status == 304);
    CHECK(rest.get("/v1/customers/anna").status == 404);
    CHECK(rest.get("/v1/customers?namePrefix=An&email=a%40b&phone=%2B41&city=Bern&pageSize=900").status ==
          200);
    CHECK(
        rest.worker.asked("customers.list").at(0).document ==
        json{{"namePrefix", "An"}, {"email", "a@b"}, {"phone", "+41"}, {"city", "Bern"}, {"pageSize", 200}});
    CHECK(rest.get("/v1/customers?name=An").status == 422);
}

TEST_CASE("a customer is changed by a patch that the worker applies")
{
    Rest rest;
    rest.worker.answers<contracts::CustomersUpdate>([](const contracts::CustomerUpdate& asked) {
        if (asked.patch == R"({"kind":7})")
            throw core::Error(core::ErrorCode::invalid, "no", {{"/kind", "must be a string"}});
        return customer();
    });
    rest.worker.answers<contracts::CustomersDelete>([](const contracts::CustomerDelete& asked) {
        if (asked.expected_versions) throw core::Error(core::ErrorCode::precondition, "it has version 4");
        return customer();
    });
    rest.start();
    CHECK(rest.ask("PATCH", kPath, R"({"name":"Beate"})", "If-Match: \"3\"\r\n").header("ETag") == "\"4\"");
    CHECK(rest.worker.asked("customers.update").at(0).document ==
          json{{"id", kCustomer.to_string()}, {"patch", {{"name", "Beate"}}}, {"expectedVersions", {3}}});
    CHECK(pointers(rest.ask("PATCH", kPath, R"({"kind":7})")) == "/kind ");
    CHECK(pointers(rest.ask("PATCH", kPath, "[]")) == " ");
    CHECK(rest.ask("DELETE", kPath, {}, "If-Match: \"3\"\r\n").status == 412);
    CHECK(rest.ask("DELETE", kPath).status == 204);
}

TEST_CASE("contact infos are those of the customer in the path")
{
    Rest rest;
    rest.worker.answers<contracts::ContactInfosCreate>(
        [](const auto&) { return contact<contracts::ContactInfoCreated>(); });
    rest.worker.answers<contracts::ContactInfosGet>([](const auto&) { return contact(); });
    rest.worker.answers<contracts::ContactInfosUpdate>([](const auto&) { return contact(); });
    rest.worker.answers<contracts::ContactInfosDelete>([](const auto&) { return contact(); });
    rest.worker.answers<contracts::ContactInfosList>(
        [](const auto&) { return contracts::ContactInfoPage(); });
    rest.start();
    const auto added =
        rest.post(kContacts, R"({"kind":"email","value":"anna@example.org"})", "Idempotency-Key: k-1\r\n");
    CHECK(added.status == 201);
    CHECK(added.header("Location") == kContactPath);
    CHECK(added.header("ETag") == "\"2\"");
    const auto asked = rest.worker.asked("contactInfos.create").at(0);
    CHECK(asked.document.at("customerId") == kCustomer.to_string());
    CHECK(asked.document.at("value") == "anna@example.org");
    CHECK(asked.idempotency_key == "k-1");
    CHECK(pointers(rest.post(kContacts, R"({"kind":"email","customerId":"x"})")) == "/customerId ");

    CHECK(rest.get(kContactPath).body.at("id") == kContact.to_string());
    CHECK(rest.get(kContactPath, "If-None-Match: \"2\"\r\n").status == 304);
    CHECK(rest.get(kContacts + "/first").status == 404);
    CHECK(rest.get(kContacts + "?kind=email&pageSize=2").status == 200);
    CHECK(rest.worker.asked("contactInfos.list").at(0).document ==
          json{{"customerId", kCustomer.to_string()}, {"kind", "email"}, {"pageSize", 2}});
    CHECK(rest.ask("PATCH", kContactPath, R"({"isPrimary":true})").status == 200);
    CHECK(rest.worker.asked("contactInfos.update").at(0).document ==
          json{{"customerId", kCustomer.to_string()},
               {"id", kContact.to_string()},
               {"patch", {{"isPrimary", true}}}});
    CHECK(rest.ask("DELETE", kContactPath, {}, "If-Match: \"2\"\r\n").status == 204);
    CHECK(rest.worker.asked("contactInfos.delete").at(0).document.at("expectedVersions") == json{2});
}
