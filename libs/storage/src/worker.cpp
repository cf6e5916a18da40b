#include "worker.hpp"

#include <thread>

#include "sql_error.hpp"

namespace lintel::storage {
namespace {

using core::Error;
using core::ErrorCode;

constexpr Query kProbe{"probe_database", "SELECT 1"};

Error away()
{
    return Error(ErrorCode::unavailable, "the database is not available")
        .with_retry_after(std::chrono::seconds(1));
}

class InUse {
public:
    explicit InUse(WorkerShared& shared) noexcept : shared_(shared) { move(1); }
    ~InUse() { move(-1); }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

private:
    void move(double connections) noexcept
    {
        shared_.idle_connections.add(-connections);
        shared_.used_connections.add(connections);
    }
    WorkerShared& shared_;
};

}  // namespace

Worker::~Worker()
{
    disconnect();
}

void Worker::run(const RunOptions& options, const std::function<void(Transaction&)>& body)
{
    Retries retries;
    for (;;) {
        Session* session = nullptr;
        try {
            session = &connected();
        } catch (const Error&) {
            if (retries.in_doubt) throw in_doubt();
            throw;
        }
        const auto failure = attempt(options, body, *session);
        if (!failure) return shared_.availability.succeeded();
        recover(*failure);
        if (failure->cause == Cause::in_doubt) retries.in_doubt = true;
        if (failure->cause && may_run_again(*failure->cause, options, retries)) continue;
        if (retries.in_doubt && failure->cause == Cause::connection_lost) throw in_doubt();
        std::rethrow_exception(failure->error);
    }
}

std::optional<Worker::Failure> Worker::attempt(const RunOptions& options,
                                               const std::function<void(Transaction&)>& body,
                                               Session& session)
{
    const InUse in_use(shared_);
    Transaction transaction(session, options.mode == Mode::single_statement);
    try {
        session.begin(options.mode);
        body(transaction);
        transaction.expect_healthy();
        session.commit();
        return std::nullopt;
    } catch (const DatabaseError& error) {
        return Failure{std::current_exception(), transaction.cause_ ? transaction.cause_ : error.cause()};
    } catch (...) {
        return Failure{std::current_exception(), transaction.cause_};
    }
}

void Worker::recover(const Failure& failure)
{
    session_->rollback();
    if (session_->socket()->was_cut()) shared_.availability.fell_silent();
    if (!session_->is_open() || failure.cause == Cause::stale_plan) disconnect();
}

bool Worker::may_run_again(Cause cause, const RunOptions& options, Retries& retries)
{
    switch (cause) {
        case Cause::serialization:
            if (retries.serialization++ >= shared_.options.serialization_retries) return false;
            pause(retries.serialization);
            return true;
        case Cause::connection_lost:
        case Cause::stale_plan:
            return retries.connection++ == 0;
        case Cause::in_doubt:
            return options.repeatable && retries.connection++ == 0;
        default:
            return false;
    }
}

void Worker::pause(int failures)
{
    constexpr int kFirstMilliseconds = 5;
    std::uniform_int_distribution<int> jitter(1, kFirstMilliseconds << failures);
    std::this_thread::sleep_for(std::chrono::milliseconds(jitter(random_)));
}

Session& Worker::connected()
{
    if (session_ && !session_->is_idle_and_open()) disconnect();
    if (!session_) {
        connect();
    } else if (!shared_.availability.is_available() && !shared_.availability.try_claim_attempt()) {
        // The server fell silent on another connection: this one need not find out for itself.
        throw away();
    }
    return *session_;
}

void Worker::connect()
{
    {
        std::lock_guard lock(cut_mutex_);
        if (is_cut_) throw away();
    }
    if (!shared_.availability.try_claim_attempt()) throw away();
    const auto patience = shared_.options.statement_timeout + shared_.options.silence_grace;
    try {
        session_ = std::make_unique<Session>(shared_.executor, metrics_, shared_.conninfo, patience);
    } catch (const Error& error) {
        shared_.availability.attempt_failed(error.what());
        throw away();
    }
    shared_.idle_connections.add(1);
    shared_.availability.succeeded();
    std::lock_guard lock(cut_mutex_);
    socket_ = session_->socket();
    if (is_cut_) socket_->cut();
}

void Worker::disconnect() noexcept
{
    if (!session_) return;
    {
        std::lock_guard lock(cut_mutex_);
        socket_.reset();
    }
    session_.reset();
    shared_.idle_connections.add(-1);
}

void Worker::look()
{
    try {
        if (session_ && !session_->is_idle_and_open()) disconnect();
        if (session_ && !shared_.availability.is_probe_due()) return;
        run({Mode::single_statement, true}, [](Transaction& transaction) { transaction.exec(kProbe); });
    } catch (const Error&) {
        // Availability has heard of it.
    }
}

void Worker::cut() noexcept
{
    std::lock_guard lock(cut_mutex_);
    is_cut_ = true;
    if (socket_) socket_->cut();
}

}  // namespace lintel::storage
