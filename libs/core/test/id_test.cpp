#include "lintel/core/id.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>
#include <vector>

#include "lintel/core/time.hpp"

using lintel::core::Id;

TEST_CASE("a new id is a version 7 UUID of this moment")
{
    const auto before = lintel::core::now().time_since_epoch().count();
    const auto id = Id::generate();
    const auto text = id.to_string();
    CHECK(text[14] == '7');
    CHECK(std::string("89ab").find(text[19]) != std::string::npos);
    std::int64_t millisecond = 0;
    for (std::size_t i = 0; i < 6; ++i)
        millisecond = millisecond << 8 | id.bytes()[i];
    CHECK(millisecond >= before);
    CHECK(millisecond <= before + 5000);
}

TEST_CASE("ids of one thread rise, also within a millisecond")
{
    auto last = Id::generate();
    for (int i = 0; i < 100'000; ++i) {
        const auto next = Id::generate();
        REQUIRE(last < next);
        last = next;
    }
}

TEST_CASE("threads do not make the same id")
{
    std::vector<std::vector<Id>> made(4);
    {
        std::vector<std::jthread> threads;
        for (auto& ids : made) {
            threads.emplace_back([&ids] {
                for (int i = 0; i < 20'000; ++i)
                    ids.push_back(Id::generate());
            });
        }
    }
    std::set<Id> distinct;
    for (const auto& ids : made)
        distinct.insert(ids.begin(), ids.end());
    CHECK(distinct.size() == 80'000);
}

TEST_CASE("text and back, in either case")
{
    const auto id = Id::parse("0190A7C4-1B2D-7E3F-8123-456789ABCDEF");
    REQUIRE(id);
    CHECK(id->to_string() == "0190a7c4-1b2d-7e3f-8123-456789abcdef");
    CHECK(Id::parse(id->to_string()) == id);
    CHECK(Id::parse("00000000-0000-0000-0000-000000000000")->is_nil());
}

TEST_CASE("what is no UUID is refused")
{
    for (const char* text :
         {"", "0190a7c4", "0190a7c41b2d7e3f8123456789abcdef", "{0190a7c4-1b2d-7e3f-8123-456789abcdef}",
          "0190a7c4-1b2d-7e3f-8123-456789abcdeg", "0190a7c4-1b2d-7e3f-8123-456789abcdef ",
          "0190a7c4_1b2d-7e3f-8123-456789abcdef"}) {
        CAPTURE(text);
        CHECK(!Id::parse(text));
    }
}

TEST_CASE("a derived id depends on both of what it is made from, and on nothing else")
{
    // The example of RFC 9562, appendix A.4: www.example.com in the DNS name space.
    const auto dns = *Id::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    CHECK(Id::derive(dns, "www.example.com").to_string() == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    CHECK(Id::derive(dns, "a") != Id::derive(dns, "b"));
    CHECK(Id::derive(dns, "a") != Id::derive(Id(), "a"));
}
