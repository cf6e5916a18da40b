#include "lintel/testing/reads.hpp"

namespace lintel::testing {

Reads::Reads(const Database& database) : database_(database)
{
    database_.query(R"(
        CREATE EXTENSION pg_stat_statements;
        CREATE FUNCTION id(number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
            SELECT ('00000000-0000-7000-8000-' || lpad(number::text, 12, '0'))::uuid
        $$;
        DO $$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET plan_cache_mode = force_generic_plan', current_database());
        END $$)");
}

void Reads::forget() const
{
    database_.query("SELECT pg_stat_statements_reset()");
}

std::int64_t Reads::blocks() const
{
    return std::stoll(database_.query(R"(
        SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0)
        FROM pg_stat_statements AS statement
        JOIN pg_database AS database ON database.oid = statement.dbid
        WHERE database.datname = current_database() AND statement.query NOT LIKE '%pg_stat_statements%')"));
}

std::string numbered_id(int number)
{
    auto text = std::to_string(number);
    text.insert(0, 12 - text.size(), '0');
    return "00000000-0000-7000-8000-" + text;
}

}  // namespace lintel::testing
