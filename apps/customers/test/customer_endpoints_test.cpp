// The set as its callers have it: over NATS, plain and NestJS, two replicas in one queue group.
#include "customer_endpoints.hpp"
#include "customer_fixture.hpp"
#include "lintel/contracts/customers_endpoints.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_server.hpp"

using namespace lintel;
using namespace lintel::customers;
using core::ErrorCode;

namespace {

struct ServingReplica : Replica {
    ServingReplica(const Database& database, const testing::NatsServer& broker)
        : Replica(database),
          connection(threads.executor(), metrics, {.url = broker.url(), .name = "customers"}),
          service(connection, {"customers", "1.0.0", "customers", {}, {}}),
          client(connection)
    {
        add_customer_endpoints(service, customers);
        add_contact_info_endpoints(service, contacts);
        service.start();
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
        core::sync_wait(connection.flush(core::Deadline::after(5s)));
    }
    ~ServingReplica() { core::sync_wait(service.drain(core::Deadline::after(10s))); }

    template <typename Endpoint>
    typename Endpoint::Reply call(const json& request, const std::string& key = {})
    {
        messaging::RequestOptions options;
        options.idempotency_key = key;
        return core::sync_wait(client.call<Endpoint>(soon(), Endpoint::parse_request(request), options));
    }

    messaging::Connection connection;
    messaging::Service service;
    messaging::Client client;
};

}  // namespace

TEST_CASE("customers and contact infos are served over NATS")
{
    const Database database;
    testing::NatsServer broker;
    ServingReplica one(database, broker);
    ServingReplica other(database, broker);

    const auto made = one.call<contracts::CustomersCreate>(
        {{"name", "Anna"}, {"contactInfos", {email("a@example.org")}}}, "k");
    for (int at = 0; at < 8; ++at) {
        const auto again = other.call<contracts::CustomersCreate>(
            {{"name", "Anna"}, {"contactInfos", {email("a@example.org")}}}, "k");
        CHECK(again.id == made.id);
        CHECK(again.is_replay);
    }
    const json named{{"id", made.id.to_string()}};
    CHECK(other.call<contracts::CustomersGet>(named) == static_cast<const contracts::Customer&>(made));

    const auto added = one.call<contracts::ContactInfosCreate>(
        {{"customerId", made.id.to_string()}, {"kind", "phone"}, {"value", "117"}}, "k");
    CHECK_FALSE(added.is_replay);
    const json contact{{"customerId", made.id.to_string()}, {"id", added.id.to_string()}};
    auto update = contact;
    update["patch"] = {{"value", "118"}};
    CHECK(one.call<contracts::ContactInfosUpdate>(update).value == "118");
    CHECK(one.call<contracts::ContactInfosGet>(contact).version == 2);
    CHECK(one.call<contracts::ContactInfosList>({{"customerId", made.id.to_string()}}).items.size() == 2);
    CHECK(one.call<contracts::CustomersList>({{"phone", "118"}}).items.size() == 1);
    CHECK(one.call<contracts::ContactInfosDelete>(contact).deleted_at);
    auto rename = named;
    rename["patch"] = {{"name", "Beate"}};
    CHECK(one.call<contracts::CustomersUpdate>(rename).version == 5);

    const auto nest = core::sync_wait(one.client.request_nest(soon(), "customers.get", named));
    CHECK(nest.at("name") == "Beate");
    CHECK(one.call<contracts::CustomersDelete>(named).deleted_at);
    CHECK(refusal([&] { one.call<contracts::CustomersGet>(named); }).code == ErrorCode::not_found);
    CHECK(refusal([&] {
              one.call<contracts::CustomersCreate>({{"name", "Carla"}}, "k");
          }).code == ErrorCode::invalid);
}
