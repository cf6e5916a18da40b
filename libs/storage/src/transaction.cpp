#include "lintel/storage/transaction.hpp"

#include "session.hpp"

namespace lintel::storage {

using core::Error;
using core::ErrorCode;

Transaction::Transaction(Session& session, bool single_statement) noexcept
    : session_(session), single_statement_(single_statement)
{
}

Rows Transaction::exec_with(const Query& query, std::span<const Parameter> parameters)
{
    expect_healthy();
    if (single_statement_ && used_)
        throw Error(ErrorCode::internal,
                    std::string(query.name) + " is a second statement where only one may be");
    used_ = true;
    try {
        return session_.exec(query, parameters);
    } catch (const DatabaseError& error) {
        failure_ = std::current_exception();
        cause_ = error.cause();
        throw;
    }
}

void Transaction::expect_healthy() const
{
    if (failure_) std::rethrow_exception(failure_);
}

}  // namespace lintel::storage
