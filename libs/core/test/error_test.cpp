#include "lintel/core/error.hpp"

#include <doctest/doctest.h>

using namespace lintel::core;

TEST_CASE("every code has a name and a status that lead back to it")
{
    for (int i = 0; i <= static_cast<int>(ErrorCode::deadline_exceeded); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        CAPTURE(to_string(code));
        CHECK(error_code_from_string(to_string(code)) == code);
        CHECK(error_code_from_status(http_status(code)) == code);
    }
    CHECK(!error_code_from_string("not a code"));
}

TEST_CASE("an unknown status falls into its class")
{
    CHECK(error_code_from_status(418) == ErrorCode::invalid);
    CHECK(error_code_from_status(502) == ErrorCode::internal);
}

TEST_CASE("an error carries where and how long")
{
    const auto error = Error(ErrorCode::unavailable, "full").with_retry_after(std::chrono::seconds(3));
    CHECK(error.retry_after() == std::chrono::seconds(3));
    const Error invalid(ErrorCode::invalid, "bad", {{"/name", "is missing"}});
    CHECK(invalid.fields() == std::vector<FieldError>{{"/name", "is missing"}});
}
