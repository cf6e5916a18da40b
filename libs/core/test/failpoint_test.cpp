#include "lintel/core/failpoint.hpp"

#include <doctest/doctest.h>

#ifdef LINTEL_FAILPOINTS

#include <cstdlib>

namespace core = lintel::core;

TEST_CASE("a failpoint drops about the share that it is told to, the same for the same seed")
{
    // Read at the first call of the process, which is this one: nothing in libs/core has a failpoint.
    setenv("LINTEL_FAILPOINTS",
           "test.some=drop:100@7,test.same=drop:100@7,test.other=drop:100@8,test.all=drop:1000", 1);
    int some = 0;
    int differs = 0;
    for (int pass = 0; pass < 10'000; ++pass) {
        const bool is_dropped = core::failpoint_drops("test.some");
        CHECK(core::failpoint_drops("test.same") == is_dropped);
        if (core::failpoint_drops("test.other") != is_dropped) ++differs;
        if (is_dropped) ++some;
    }
    CHECK(some > 800);
    CHECK(some < 1200);
    CHECK(differs > 1000);
    CHECK(core::failpoint_drops("test.all"));
    CHECK_FALSE(core::failpoint_drops("test.not_armed"));
}

#endif
