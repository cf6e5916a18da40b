#include "stack.hpp"

#include <atomic>

#include "lintel/core/task.hpp"

namespace lintel::storage::test {
namespace {

PoolOptions with_database(PoolOptions options)
{
    if (options.url.empty()) options.url = new_database();
    return options;
}

}  // namespace

testing::Postgres& cluster()
{
    static testing::Postgres postgres;
    return postgres;
}

std::string new_database()
{
    static std::atomic<int> count{0};
    return cluster().create_database("test_" + std::to_string(++count));
}

std::string psql(const std::string& url, const std::string& sql)
{
    return cluster().query(sql, url.substr(url.rfind('/') + 1));
}

Stack::Stack(PoolOptions options)
    : url((options = with_database(std::move(options))).url), pool(executor, metrics, options)
{
}

Occupied::Occupied(Pool& pool)
{
    std::promise<void> occupied;
    auto is_occupied = occupied.get_future();
    holder_ = std::thread([&pool, &occupied, released = released_.get_future().share()] {
        core::sync_wait(pool.transact(Stack::context(std::chrono::minutes(1)), [&](Transaction&) {
            occupied.set_value();
            released.wait();
        }));
    });
    is_occupied.wait();
}

void Occupied::release()
{
    if (!holder_.joinable()) return;
    released_.set_value();
    holder_.join();
}

}  // namespace lintel::storage::test
