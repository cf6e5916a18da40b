#include "lintel/storage/rows.hpp"

#include <doctest/doctest.h>

#include "lintel/core/task.hpp"
#include "stack.hpp"

namespace lintel::storage::test {
namespace {

using core::ErrorCode;
using core::sync_wait;

constexpr Query kValues{
    "get_values",
    "SELECT 'text'::text AS text, 7::int AS int, -9223372036854775808 AS big, true AS yes, "
    "0.1::float8 AS float, '00000000-0000-0000-0000-00000000000a'::uuid AS id, "
    "'2026-11-20 08:30:00.123456+01'::timestamptz AS time, NULL::text AS nothing"};
constexpr Query kTimes{"get_times",
                       "SELECT unnest(ARRAY['1969-12-31 23:59:59.999Z', '2000-02-29 00:00:00Z', 'infinity', "
                       "'0044-03-15 00:00:00Z BC']::timestamptz[]) AS time"};
constexpr Query kSeries{"get_series", "SELECT generate_series(1, 3) AS number"};

TEST_CASE("columns are read by name and by index")
{
    Stack stack;
    const auto rows = sync_wait(stack.pool.query(Stack::context(), kValues));
    const auto row = rows.one();
    CHECK(row.get<std::string>("text") == "text");
    CHECK(row.get<std::string_view>(0) == "text");
    CHECK(row.get<std::int32_t>("int") == 7);
    CHECK(row.get<std::int64_t>("big") == std::numeric_limits<std::int64_t>::min());
    CHECK(row.get<bool>("yes"));
    CHECK(row.get<double>("float") == 0.1);
    CHECK(row.get<core::Id>("id").to_string() == "00000000-0000-0000-0000-00000000000a");
    CHECK(core::to_rfc3339(row.get<core::Timestamp>("time")) == "2026-11-20T07:30:00.123Z");
    CHECK(row.get<std::optional<std::string>>("nothing") == std::nullopt);
    CHECK(row.get<std::optional<int>>("int") == 7);
}

TEST_CASE("a column that does not hold what is asked for is a defect that names itself")
{
    Stack stack;
    const auto rows = sync_wait(stack.pool.query(Stack::context(), kValues));
    const auto row = rows.one();
    const auto message_of = [](auto call) {
        try {
            call();
        } catch (const core::Error& error) {
            CHECK(error.code() == ErrorCode::internal);
            return std::string(error.what());
        }
        return std::string("nothing");
    };
    CHECK(message_of([&] { row.get<std::string>("nothing"); }) == "query get_values: column nothing is NULL");
    CHECK(message_of([&] { row.get<int>("text"); }) == "query get_values: column text has another type");
    CHECK(message_of([&] { row.get<int>("big"); }) == "query get_values: column big has another type");
    CHECK(message_of([&] { row.get<bool>("int"); }) == "query get_values: column int has another type");
    CHECK(message_of([&] { row.get<int>("absent"); }) == "query get_values returns no column absent");
    CHECK(message_of([&] { row.get<int>(99); }) == "query get_values: column 99 does not exist");
}

TEST_CASE("times before the epoch are read, those that are no points in time refused")
{
    Stack stack;
    const auto rows = sync_wait(stack.pool.query(Stack::context(), kTimes));
    CHECK(core::to_rfc3339(rows[0].get<core::Timestamp>(0)) == "1969-12-31T23:59:59.999Z");
    CHECK(core::to_rfc3339(rows[1].get<core::Timestamp>(0)) == "2000-02-29T00:00:00.000Z");
    CHECK_THROWS_AS(rows[2].get<core::Timestamp>(0), core::Error);
    CHECK_THROWS_AS(rows[3].get<core::Timestamp>(0), core::Error);
}

TEST_CASE("rows are iterated")
{
    Stack stack;
    const auto rows = sync_wait(stack.pool.query(Stack::context(), kSeries));
    const auto number = rows.column("number");
    int sum = 0;
    for (const auto& row : rows)
        sum += row.get<int>(number);
    CHECK(sum == 6);
    CHECK_THROWS_AS(rows.one(), core::Error);
}

}  // namespace
}  // namespace lintel::storage::test
