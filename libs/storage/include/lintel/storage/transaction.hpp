#pragma once

#include <array>
#include <exception>
#include <optional>
#include <span>
#include <utility>

#include "lintel/storage/database_error.hpp"
#include "lintel/storage/parameter.hpp"
#include "lintel/storage/query.hpp"
#include "lintel/storage/rows.hpp"

namespace lintel::storage {

class Session;

/// What the body of Pool::transact() works with, on a database thread.
///
/// There is no commit here: the transaction commits when the body returns and rolls back when it throws. A
/// failed statement poisons the transaction: a body that catches the error and goes on cannot commit half of
/// its work, which the driver would let it do.
class Transaction {
public:
    /// Runs `query` and waits for it. Throws DatabaseError.
    template <typename... Values>
    Rows exec(const Query& query, Values&&... values)
    {
        const std::array<Parameter, sizeof...(Values)> parameters{Parameter(std::forward<Values>(values))...};
        return exec_with(query, parameters);
    }
    Rows exec_with(const Query& query, std::span<const Parameter> parameters);

    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

private:
    friend class Worker;
    Transaction(Session& session, bool single_statement) noexcept;

    /// Throws what poisoned it.
    void expect_healthy() const;

    Session& session_;
    const bool single_statement_;
    bool used_ = false;
    std::exception_ptr failure_;
    std::optional<Cause> cause_;
};

}  // namespace lintel::storage
