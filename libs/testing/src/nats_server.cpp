#include "lintel/testing/nats_server.hpp"

#include <signal.h>

#include <fstream>
#include <optional>
#include <stdexcept>

#include "lintel/testing/child_process.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/tcp_client.hpp"
#include "lintel/testing/temp_dir.hpp"

namespace lintel::testing {
namespace {

bool accepts_connections(std::uint16_t port)
{
    try {
        return TcpClient(port).read_until("\r\n", std::chrono::milliseconds(200)).starts_with("INFO ");
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

struct NatsServer::State {
    TempDir directory{"lintel-nats-"};
    std::uint16_t port = free_port();
    std::optional<ChildProcess> process;
};

NatsServer::NatsServer(const NatsServerOptions& options) : state_(std::make_unique<State>())
{
    std::ofstream config(state_->directory.path() / "nats.conf");
    config << "host: 127.0.0.1\nport: " << state_->port << "\nping_interval: \"5s\"\nwrite_deadline: \"2s\"\n"
           << options.config << "\n";
    config.close();
    start();
}

NatsServer::~NatsServer() = default;

std::string NatsServer::url() const
{
    return "nats://127.0.0.1:" + std::to_string(state_->port);
}

std::uint16_t NatsServer::port() const noexcept
{
    return state_->port;
}

void NatsServer::kill()
{
    state_->process.reset();
}

void NatsServer::start()
{
    const auto directory = state_->directory.path();
    state_->process.emplace(ProcessOptions{.command = {"nats-server", "-c", directory / "nats.conf"},
                                           .environment = {},
                                           .log = directory / "nats.log",
                                           .user = {},
                                           .working_directory = {}});
    const auto up = [this] { return accepts_connections(state_->port) || !state_->process->is_running(); };
    if (!eventually(std::chrono::seconds(20), up) || !state_->process->is_running())
        throw std::runtime_error("nats-server does not start; is Debian's package nats-server installed?");
}

void NatsServer::stop()
{
    state_->process->terminate();
    state_->process.reset();
}

void NatsServer::pause()
{
    state_->process->signal(SIGSTOP);
}

void NatsServer::resume()
{
    state_->process->signal(SIGCONT);
}

}  // namespace lintel::testing
