#pragma once

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "lintel/core/executor.hpp"
#include "lintel/storage/pool.hpp"
#include "lintel/telemetry/metrics.hpp"
#include "lintel/testing/postgres.hpp"

namespace lintel::storage::test {

/// The cluster that the tests of this program share.
testing::Postgres& cluster();

/// A new, empty database in it.
std::string new_database();

/// Runs `sql` in the database of `url` and returns the first value, as psql prints it.
std::string psql(const std::string& url, const std::string& sql);

/// What a service has around a Pool.
struct Stack {
    explicit Stack(PoolOptions options = {});

    std::string sql(const std::string& text) const { return psql(url, text); }

    static telemetry::Context context(std::chrono::milliseconds patience = std::chrono::seconds(10))
    {
        return telemetry::Context::start(patience);
    }

    core::IoThreads threads;
    core::Executor& executor = threads.executor();
    telemetry::Metrics metrics;
    std::string url;
    Pool pool;
};

/// Keeps the only connection of a pool busy, so that what is submitted meanwhile waits.
class Occupied {
public:
    explicit Occupied(Pool& pool);
    ~Occupied() { release(); }
    Occupied(const Occupied&) = delete;
    Occupied& operator=(const Occupied&) = delete;

    void release();

private:
    std::promise<void> released_;
    std::thread holder_;
};

/// The code of the core::Error that `call` throws; fails the test when it throws none.
template <typename Call>
core::ErrorCode code_of(Call call)
{
    try {
        call();
    } catch (const core::Error& error) {
        return error.code();
    }
    throw std::logic_error("no error was thrown");
}

}  // namespace lintel::storage::test
