#include <doctest/doctest.h>

#include "lintel/storage/migrator.hpp"
#include "lintel/storage/sql/queries.hpp"
#include "stack.hpp"
#include "tables.hpp"

using namespace lintel::storage;

TEST_CASE("the queries of the library fit the tables that README.md tells applications to have")
{
    const test::Stack stack;
    stack.sql(test::kIntents);
    stack.sql(test::kIdempotencyKeys);
    prepare_all(stack.url, sql::all_queries);
}
