#pragma once

#include <string>

#include "lintel/core/error.hpp"

namespace lintel::storage {

/// Why a statement or transaction failed, as far as it decides what may be done next.
enum class Cause {
    /// SQLSTATE classes 22 and 23: the values are wrong, the same values will be wrong again.
    data,
    /// 40001, 40P01: run the whole transaction again.
    serialization,
    /// 57014: the statement ran longer than it may; it has changed nothing.
    cancelled,
    /// 55P03, class 53, 57P0x: not now.
    busy,
    /// The connection is gone, and the transaction with it; nothing has happened.
    connection_lost,
    /// The connection was lost while the commit was under way: nobody knows whether it has happened.
    in_doubt,
    /// The schema has changed under a prepared statement; a new connection prepares it anew.
    stale_plan,
    /// Anything else is a defect of the program or of its schema.
    defect,
};

/// An error that Postgres, or the way to it, reported. `what()` may be shown to a caller: it names neither
/// query nor constraint, unless the code is `internal`, and never a value. The log has query, SQLSTATE and
/// constraint.
class DatabaseError : public core::Error {
public:
    DatabaseError(Cause cause, core::ErrorCode code, const std::string& detail, std::string sqlstate = {},
                  std::string constraint = {});

    Cause cause() const noexcept { return cause_; }
    /// Five characters, or empty when the server did not say.
    const std::string& sqlstate() const noexcept { return sqlstate_; }
    /// The violated constraint; empty for any other error.
    const std::string& constraint() const noexcept { return constraint_; }

private:
    Cause cause_;
    std::string sqlstate_;
    std::string constraint_;
};

}  // namespace lintel::storage
