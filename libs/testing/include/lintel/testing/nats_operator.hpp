#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace lintel::testing {

/// An operator of NATS with one account, as `nsc` would make them: what a server trusts, and the credentials
/// of users.
class NatsOperator {
public:
    NatsOperator();
    ~NatsOperator();
    NatsOperator(const NatsOperator&) = delete;
    NatsOperator& operator=(const NatsOperator&) = delete;

    /// For NatsServerOptions::config: the server takes users of this operator's account, and nobody else.
    std::string server_config() const;
    /// The text of the .creds file of a new user, who is let in until `expires`; for ever by default.
    std::string new_credentials(std::chrono::system_clock::time_point expires = {}) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lintel::testing
