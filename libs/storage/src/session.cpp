#include "session.hpp"

#include <poll.h>

#include <pqxx/except>
#include <pqxx/prepared_statement>

#include "connection.hpp"
#include "lintel/telemetry/log.hpp"
#include "result_data.hpp"
#include "sql_error.hpp"

namespace lintel::storage {
namespace {

std::unique_ptr<pqxx::connection> connect(const std::string& conninfo)
{
    try {
        return open_connection(conninfo);
    } catch (const pqxx::failure& refused) {
        throw DatabaseError(Cause::connection_lost, core::ErrorCode::unavailable, refused.what());
    }
}

/// What callers are not told. Of a defect's message the first line only: the ones behind it may hold values,
/// and of other messages that one too.
void log_failure(const DatabaseError& error, std::string_view doing, std::string_view message)
{
    const bool is_defect = error.code() == core::ErrorCode::internal;
    const std::string_view reason = is_defect ? message.substr(0, message.find('\n')) : error.what();
    telemetry::log(is_defect ? telemetry::LogLevel::error : telemetry::LogLevel::info, "query failed",
                   {{"query", doing},
                    {"sqlstate", error.sqlstate()},
                    {"constraint", error.constraint()},
                    {"reason", reason}});
}

}  // namespace

Session::Session(core::Executor& executor, QueryMetrics& metrics, const std::string& conninfo,
                 std::chrono::milliseconds patience)
    : executor_(executor),
      metrics_(metrics),
      patience_(patience),
      connection_(connect(conninfo)),
      socket_(std::make_shared<SocketGuard>(connection_->sock()))
{
}

Session::~Session()
{
    unit_.emplace<std::monostate>();
    socket_->release();
}

bool Session::is_open() const noexcept
{
    return connection_->is_open();
}

bool Session::is_idle_and_open() const noexcept
{
    pollfd socket{connection_->sock(), POLLIN, 0};
    return is_open() && ::poll(&socket, 1, 0) == 0;
}

template <typename Action>
auto Session::guarded(std::string_view doing, Action action)
{
    const SilenceWatch watch(executor_, socket_, patience_);
    try {
        return action();
    } catch (const std::exception& thrown) {
        const auto error = explain(thrown, doing);
        log_failure(error, doing, thrown.what());
        throw error;
    }
}

DatabaseError Session::explain(const std::exception& thrown, std::string_view doing) const
{
    const bool is_lost = !is_open() || dynamic_cast<const pqxx::broken_connection*>(&thrown);
    if (!is_lost || dynamic_cast<const pqxx::in_doubt_error*>(&thrown)) return describe(thrown, doing);
    return mode_ == Mode::transaction ? connection_lost(socket_->was_cut()) : in_doubt();
}

void Session::begin(Mode mode)
{
    // BEGIN at most is sent here; a connection that is found lost has taken nothing with it, in either mode.
    mode_ = Mode::transaction;
    guarded("begin", [this, mode] {
        if (mode == Mode::single_statement)
            unit_.emplace<pqxx::nontransaction>(*connection_);
        else
            unit_.emplace<pqxx::work>(*connection_);
    });
    mode_ = mode;
}

pqxx::transaction_base& Session::unit()
{
    if (auto* single = std::get_if<pqxx::nontransaction>(&unit_)) return *single;
    return std::get<pqxx::work>(unit_);
}

Rows Session::exec(const Query& query, std::span<const Parameter> parameters)
{
    if (prepared_.insert(query.name).second) connection_->prepare(query.name, query.text);
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const auto& parameter : parameters)
        values.push_back(parameter.c_str());
    const auto started = std::chrono::steady_clock::now();
    try {
        auto rows = guarded(query.name, [&] {
            return unit().exec_prepared(query.name,
                                        pqxx::prepare::make_dynamic_params(values.begin(), values.end()));
        });
        metrics_.succeeded(query.name, std::chrono::steady_clock::now() - started);
        return Rows(std::make_shared<const ResultData>(std::move(rows), query.name));
    } catch (const DatabaseError& error) {
        metrics_.failed(query.name, std::chrono::steady_clock::now() - started, error);
        throw;
    }
}

void Session::commit()
{
    if (auto* work = std::get_if<pqxx::work>(&unit_)) guarded("commit", [work] { work->commit(); });
    unit_.emplace<std::monostate>();
}

void Session::rollback() noexcept
{
    try {
        if (auto* work = std::get_if<pqxx::work>(&unit_); work && is_open())
            guarded("rollback", [work] { work->abort(); });
    } catch (const DatabaseError&) {
        // The connection is lost, and the transaction with it: what the caller wanted.
    }
    unit_.emplace<std::monostate>();
}

}  // namespace lintel::storage
