#include "../src/conninfo.hpp"

#include <doctest/doctest.h>

namespace lintel::storage {
namespace {

std::string conninfo(const std::string& url)
{
    PoolOptions options;
    options.url = url;
    options.name = "main 1";
    return make_conninfo(options);
}

bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

TEST_CASE("a URI is extended by parameters")
{
    const auto text = conninfo("postgresql://user@host:5433/database");
    CHECK(text.starts_with("postgresql://user@host:5433/database?options="));
    CHECK(holds(text, "-c%20statement_timeout%3D5000"));
    CHECK(holds(text, "&connect_timeout=3"));
    CHECK(holds(text, "&application_name=main%201"));
}

TEST_CASE("keywords are extended by keywords")
{
    const auto text = conninfo("host=localhost dbname=database");
    CHECK(text.starts_with("host=localhost dbname=database options='-c statement_timeout=5000"));
    CHECK(holds(text, " application_name='main 1'"));
}

TEST_CASE("what the URL sets itself is kept")
{
    const auto text =
        conninfo("postgresql://host/database?connect_timeout=9&options=-c%20search_path%3Dother");
    CHECK(holds(text, "?connect_timeout=9&"));
    CHECK_FALSE(holds(text, "connect_timeout=3"));
    CHECK(holds(text, "-c%20enable_seqscan%3Doff%20-c%20search_path%3Dother"));
    const auto quoted = conninfo("host=localhost options='-c search_path=other'");
    CHECK(holds(quoted, "options='-c statement_timeout=5000"));
    CHECK(holds(quoted, "-c enable_seqscan=off -c search_path=other'"));
}

}  // namespace
}  // namespace lintel::storage
