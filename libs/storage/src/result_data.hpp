#pragma once

#include <string>
#include <vector>

#include <pqxx/result>

namespace lintel::storage {

/// What Rows refers to.
struct ResultData {
    ResultData(pqxx::result rows, const char* query_name);

    pqxx::result result;
    const char* query;
    std::vector<std::string> columns;
};

}  // namespace lintel::storage
