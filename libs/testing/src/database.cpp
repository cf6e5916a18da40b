#include "lintel/testing/database.hpp"

#include <atomic>

namespace lintel::testing {

Postgres& shared_postgres()
{
    static Postgres cluster;
    return cluster;
}

Database::Database(const std::string& purpose)
{
    static std::atomic<int> count = 0;
    name_ = purpose + "_" + std::to_string(++count);
    url_ = shared_postgres().create_database(name_);
}

std::string Database::query(const std::string& sql) const
{
    return shared_postgres().query(sql, name_);
}

}  // namespace lintel::testing
