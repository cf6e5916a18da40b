#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <variant>

#include <pqxx/connection>
#include <pqxx/nontransaction>
#include <pqxx/transaction>

#include "lintel/core/executor.hpp"
#include "lintel/storage/database_error.hpp"
#include "lintel/storage/job.hpp"
#include "query_metrics.hpp"
#include "socket_guard.hpp"

namespace lintel::storage {

/// One connection, used by one thread. Speaks the driver's language to the driver and DatabaseError to
/// everyone else.
///
/// A session whose connection was lost is never used again: the driver would reconnect by itself, with the
/// session's state gone.
class Session {
public:
    /// Connects; throws DatabaseError{connection_lost} with the server's own words, which name no secret.
    Session(core::Executor& executor, QueryMetrics& metrics, const std::string& conninfo,
            std::chrono::milliseconds patience);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// False once the connection is gone. On an idle session that is seen without a round trip: whatever can
    /// be read then is the end of the connection.
    bool is_open() const noexcept;
    bool is_idle_and_open() const noexcept;

    void begin(Mode mode);
    Rows exec(const Query& query, std::span<const Parameter> parameters);
    void commit();
    void rollback() noexcept;

    const std::shared_ptr<SocketGuard>& socket() const noexcept { return socket_; }

private:
    using Unit = std::variant<std::monostate, pqxx::nontransaction, pqxx::work>;

    template <typename Action>
    auto guarded(std::string_view doing, Action action);
    DatabaseError explain(const std::exception& thrown, std::string_view doing) const;
    pqxx::transaction_base& unit();

    core::Executor& executor_;
    QueryMetrics& metrics_;
    const std::chrono::milliseconds patience_;
    const std::unique_ptr<pqxx::connection> connection_;
    std::shared_ptr<SocketGuard> socket_;
    std::unordered_set<const char*> prepared_;
    Mode mode_ = Mode::transaction;
    Unit unit_;
};

}  // namespace lintel::storage
