// Who may connect, and to whom: TLS, passwords, and NATS's own credentials.

#include <filesystem>
#include <fstream>
#include <thread>

#include "lintel/messaging/check_options.hpp"
#include "lintel/testing/child_process.hpp"
#include "lintel/testing/nats_operator.hpp"
#include "lintel/testing/temp_dir.hpp"
#include "messaging_test_support.hpp"

namespace lintel::messaging {
namespace {

/// Settings of a server with a new certificate for `names`, cert.pem in `directory`.
std::string tls_config(const std::filesystem::path& directory,
                       const std::string& names = "IP:127.0.0.1,DNS:localhost")
{
    const auto key = (directory / "key.pem").string();
    const auto certificate = (directory / "cert.pem").string();
    const auto status = testing::run(
        {.command = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                     "/CN=broker", "-addext", "subjectAltName=" + names, "-keyout", key, "-out", certificate},
         .environment = {},
         .log = {},
         .user = {},
         .working_directory = {}});
    REQUIRE(status == 0);
    return "tls { cert_file: \"" + certificate + "\", key_file: \"" + key + "\" }\n";
}

std::string over_tls(const testing::NatsServer& broker, const std::string& user = {},
                     const std::string& host = "127.0.0.1")
{
    return "tls://" + (user.empty() ? "" : user + "@") + host + ":" + std::to_string(broker.port());
}

void write(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream(file) << text;
}

TEST_CASE("TLS and a password, and no connection without them")
{
    const testing::TempDir directory;
    testing::NatsServer broker(
        {.config = tls_config(directory.path()) + "authorization { user: ada, password: secret }\n"});
    ConnectionOptions options = impatient();
    options.ca_file = directory.path() / "cert.pem";
    Replica replica(over_tls(broker, "ada:secret"), {}, options);
    replica.serve("test.echo", echo);
    replica.start();
    const auto large = '"' + std::string(500000, 'x') + '"';
    CHECK(replica.ask("test.echo", large) == large);
    broker.kill();
    broker.start();
    replica.await_connected();
    for (int i = 0; i < 100; ++i)
        CHECK(replica.ask("test.echo", "1") == "1");

    Peer stranger(over_tls(broker), options);
    Peer unverified(over_tls(broker, "ada:secret"));
    Peer plain("nats://ada:secret@127.0.0.1:" + std::to_string(broker.port()));
    std::this_thread::sleep_for(300ms);
    CHECK_FALSE(stranger.connection.is_connected());
    CHECK_FALSE(unverified.connection.is_connected());
    CHECK_FALSE(plain.connection.is_connected());
    CHECK(replica.ask("test.echo", "1") == "1");
}

TEST_CASE("a certificate has to be of the host that is connected to")
{
    const testing::TempDir directory;
    testing::NatsServer broker({.config = tls_config(directory.path(), "DNS:localhost")});
    ConnectionOptions options = impatient();
    options.ca_file = directory.path() / "cert.pem";
    const Peer by_name(over_tls(broker, {}, "localhost"), options);
    by_name.await_connected();
    const Peer by_address(over_tls(broker), options);
    std::this_thread::sleep_for(500ms);
    CHECK_FALSE(by_address.connection.is_connected());
}

TEST_CASE("credentials of the server's operator let in, over TLS too; those of another do not")
{
    const testing::TempDir directory;
    const testing::NatsOperator ours;
    const auto creds = directory.path() / "service.creds";
    auto options = impatient();
    options.creds_file = creds;
    std::string config = ours.server_config();
    SUBCASE("in the clear")
    {
    }
    SUBCASE("over TLS")
    {
        config += tls_config(directory.path());
        options.ca_file = directory.path() / "cert.pem";
    }
    testing::NatsServer broker({.config = config});

    write(creds, testing::NatsOperator().new_credentials());
    Replica replica(broker.url(), {}, options);
    replica.serve("test.echo", echo);
    replica.service.start();
    Peer nobody(broker.url(), impatient());
    std::this_thread::sleep_for(500ms);
    CHECK_FALSE(replica.connection.is_connected());
    CHECK_FALSE(nobody.connection.is_connected());

    INFO("the file is read for every connection");
    write(creds, ours.new_credentials());
    replica.await_connected();
    CHECK(replica.ask("test.echo", "1") == "1");
    Peer other(broker.url(), options);
    other.await_connected();
    CHECK(other.ask("test.echo", "2") == "2");
}

TEST_CASE("credentials that expire can be replaced while a service runs")
{
    const testing::TempDir directory;
    const testing::NatsOperator ours;
    const auto creds = directory.path() / "service.creds";
    auto options = impatient();
    options.creds_file = creds;
    testing::NatsServer broker({.config = ours.server_config()});
    write(creds, ours.new_credentials(std::chrono::system_clock::now() + 3s));
    Replica replica(broker.url(), {}, options);
    replica.serve("test.echo", echo);
    replica.start();
    CHECK(replica.ask("test.echo", "1") == "1");
    CHECK(testing::eventually(15s, [&] { return !replica.connection.is_connected(); }));
    write(creds, ours.new_credentials());
    replica.await_connected();
    CHECK(replica.ask("test.echo", "1") == "1");
}

std::string fault_of(const ConnectionOptions& options)
{
    try {
        check_options(options);
    } catch (const core::Error& error) {
        CHECK(error.code() == core::ErrorCode::invalid);
        return error.what();
    }
    return {};
}

TEST_CASE("what could never connect is found without a broker")
{
    for (const std::string url :
         {"nats://127.0.0.1:4222", "localhost", "localhost:4222", "nats://a:4222,nats://b:4222",
          "nats://a, nats://b", "tls://user:p%40ss@broker.example:4222/", "nats://[::1]:4222",
          "nats://token@broker"}) {
        CAPTURE(url);
        CHECK(fault_of({.url = url}).empty());
    }
    for (const std::string url :
         {"http://broker:4222", "nats://", "nats://broker:port", "nats://broker:0", "nats://broker:65536",
          "nats://a b", "nats://a,nats://b:x", "nats://broker:"}) {
        CAPTURE(url);
        CHECK(fault_of({.url = url}).starts_with("NATS_URL lists '"));
    }
    CHECK(fault_of({.url = ""}).starts_with("NATS_URL lists no server"));
    CHECK(fault_of({.url = "nats://ada:secret@broker:x"}).find("secret") == std::string::npos);

    const testing::TempDir directory;
    const auto file = (directory.path() / "file").string();
    write(file, "nothing of use");
    CHECK(fault_of({.creds_file = file}) ==
          "NATS_CREDS is '" + file + "', which has no user JWT and seed in it, as a .creds file has");
    CHECK(fault_of({.ca_file = file}) ==
          "NATS_CA is '" + file + "', which has no certificates in it, as a PEM file has");
    write(file, testing::NatsOperator().new_credentials());
    CHECK(fault_of({.creds_file = file}).empty());
    tls_config(directory.path());
    CHECK(fault_of({.ca_file = directory.path() / "cert.pem"}).empty());
}

}  // namespace
}  // namespace lintel::messaging
