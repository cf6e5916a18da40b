#pragma once

#include <string>

#include "lintel/testing/postgres.hpp"

namespace lintel::testing {

/// The cluster that the tests of one program share; it is started by the first that asks.
Postgres& shared_postgres();

/// A new, empty database in it, under a name that begins with `purpose`.
class Database {
public:
    explicit Database(const std::string& purpose);

    const std::string& url() const noexcept { return url_; }
    /// As Postgres::query(), in this database.
    std::string query(const std::string& sql) const;

private:
    std::string name_;
    std::string url_;
};

}  // namespace lintel::testing
