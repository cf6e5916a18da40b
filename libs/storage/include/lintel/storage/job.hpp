#pragma once

#include <exception>
#include <functional>

#include "lintel/core/completion.hpp"
#include "lintel/core/deadline.hpp"
#include "lintel/storage/transaction.hpp"

namespace lintel::storage {

enum class Mode {
    /// BEGIN, the body, COMMIT.
    transaction,
    /// Exactly one statement, which commits itself: one round trip in place of three.
    single_statement,
};

struct RunOptions {
    Mode mode = Mode::transaction;
    /// The body does nothing more when it is run again after it may have been committed: it only reads, or
    /// what it writes carries ids made by the application.
    bool repeatable = false;
};

/// What a database thread offers to the job it runs.
class Runner {
public:
    /// Runs `body` in a transaction and commits it. The body is run again, from its start, after a
    /// serialization failure (at most PoolOptions::serialization_retries times) and, once, on a new
    /// connection after the old one was lost before the commit; after a commit in doubt only if it is
    /// repeatable. Throws core::Error: `deadline_exceeded` when the outcome is unknown, DatabaseError for
    /// what Postgres refused.
    virtual void run(const RunOptions& options, const std::function<void(Transaction&)>& body) = 0;

protected:
    ~Runner() = default;
};

/// Work for a database thread. Batch and Pool::transact() are made of it; services rarely need it themselves.
class Job {
public:
    virtual ~Job() = default;

    /// After this moment the job is not run any more but failed.
    virtual core::Deadline deadline() const noexcept = 0;
    /// Must not throw; whatever becomes ready goes into `ready`, to be resumed by one post.
    virtual void run(Runner& runner, core::Burst& ready) noexcept = 0;
    /// In place of run(): the job will never run.
    virtual void fail(const std::exception_ptr& error, core::Burst& ready) noexcept = 0;
};

}  // namespace lintel::storage
