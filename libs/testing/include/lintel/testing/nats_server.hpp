#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace lintel::testing {

struct NatsServerOptions {
    /// Lines added to the server's configuration, for example authorization.
    std::string config;
};

/// A real nats-server on a free port of the loopback interface. Keeps its port over restarts.
class NatsServer {
public:
    explicit NatsServer(const NatsServerOptions& options = {});
    ~NatsServer();
    NatsServer(const NatsServer&) = delete;
    NatsServer& operator=(const NatsServer&) = delete;

    std::string url() const;
    std::uint16_t port() const noexcept;

    /// Ends the server as a power cut would.
    void kill();
    /// Starts it again after kill() or stop(); returns once it takes connections.
    void start();
    /// Asks the server to end and waits for it.
    void stop();
    /// SIGSTOP: connections stay, nothing answers.
    void pause();
    void resume();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lintel::testing
