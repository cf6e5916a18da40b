// A database and a broker that go away and come back.

#include <iostream>

#include "lintel/testing/nats_server.hpp"
#include "lintel/testing/postgres.hpp"

int main()
{
    lintel::testing::Postgres postgres;
    postgres.create_database("example");
    postgres.query("CREATE TABLE doors (name text)", "example");
    postgres.query("INSERT INTO doors VALUES ('north')", "example");
    postgres.kill();
    postgres.start();
    std::cout << "after the crash: " << postgres.query("SELECT name FROM doors", "example") << "\n";

    lintel::testing::NatsServer nats;
    const auto url = nats.url();
    nats.stop();
    nats.start();
    std::cout << "still at the same address: " << (nats.url() == url ? "yes" : "no") << "\n";
}
