#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace lintel::testing {

struct PostgresOptions {
    /// Commits wait for the disk, as in production; most tests do not need it and run faster without.
    bool durable = false;
    int max_connections = 100;
};

/// A real Postgres cluster of its own on a free port of the loopback interface. Keeps its data and port over
/// restarts.
class Postgres {
public:
    explicit Postgres(const PostgresOptions& options = {});
    ~Postgres();
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;

    /// The connection URL of a database, `postgres` being the one that is always there.
    std::string url(const std::string& database = "postgres") const;
    std::uint16_t port() const noexcept;

    /// Creates an empty database and returns its URL.
    std::string create_database(const std::string& name);

    /// The first column of the first row of `sql`, as psql prints it unaligned; throws when psql fails.
    std::string query(const std::string& sql, const std::string& database = "postgres") const;

    /// Kills every process of the cluster, as a power cut would.
    void kill();
    /// Starts it again after kill() or stop(); returns once it takes connections.
    void start();
    /// Immediate shutdown.
    void stop();
    /// SIGSTOP to every process of the cluster: connections stay, nothing answers.
    void pause();
    void resume();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lintel::testing
