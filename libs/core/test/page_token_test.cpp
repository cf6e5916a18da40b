#include "lintel/core/page_token.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <vector>

#include "lintel/core/error.hpp"

using namespace lintel::core;

TEST_CASE("a token leads back to its item, for its own filters only")
{
    const auto last = Id::generate();
    const auto token = make_page_token(last, "kind=store");
    CHECK(parse_page_token(token, "kind=store") == last);
    CHECK_THROWS_AS(parse_page_token(token, "kind=hotel"), Error);
    CHECK_THROWS_AS(parse_page_token(token, ""), Error);
}

TEST_CASE("an edited token is refused, whichever character was changed")
{
    const auto token = make_page_token(Id::generate(), "");
    for (std::size_t at = 0; at < token.size(); ++at) {
        auto edited = token;
        edited[at] = edited[at] == '0' ? '1' : '0';
        CAPTURE(at);
        CHECK_THROWS_AS(parse_page_token(edited, ""), Error);
    }
    for (const char* text :
         {"", "0", "not a token", "////////////////////////////////////////////////////////////////"})
        CHECK_THROWS_AS(parse_page_token(text, ""), Error);
}

namespace {

struct Item {
    Id id;
    std::string text{};
};

struct Page {
    std::vector<Item> items;
    std::optional<std::string> next_page_token;
};

std::string to_json(const Item& item)
{
    return item.text;
}

Page page_of(std::size_t count, std::size_t bytes)
{
    Page page;
    for (std::size_t i = 0; i < count; ++i)
        page.items.push_back({Id::generate(), std::string(bytes, 'x')});
    return page;
}

}  // namespace

TEST_CASE("a page is cut to its size and leads to the next one, if there is one")
{
    auto page = page_of(3, 10);
    const auto second = page.items[1].id;
    cut_page(page, 3, 1000, "f");
    CHECK(!page.next_page_token);
    cut_page(page, 2, 1000, "f");
    CHECK(page.items.size() == 2);
    REQUIRE(page.next_page_token);
    CHECK(parse_page_token(*page.next_page_token, "f") == second);
}

TEST_CASE("a page is cut to its bytes, but never to nothing")
{
    auto page = page_of(201, 16 << 10);
    const auto tenth = page.items[9].id;
    cut_page(page, 200, 11 * (16 << 10), "f");
    CHECK(page.items.size() == 10);
    REQUIRE(page.next_page_token);
    CHECK(parse_page_token(*page.next_page_token, "f") == tenth);

    auto last = page_of(1, 1000);
    cut_page(last, 200, 10, "f");
    CHECK(last.items.size() == 1);
    CHECK(!last.next_page_token);
    auto large = page_of(2, 1000);
    cut_page(large, 200, 10, "f");
    CHECK(large.items.size() == 1);
    CHECK(large.next_page_token);
    Page none;
    cut_page(none, 200, 10, "f");
    CHECK(!none.next_page_token);
}

TEST_CASE("a page has no more items than the process gives out")
{
    const PageLimits limits{.items = 100};
    CHECK(limits.size(50) == 50);
    CHECK(limits.size(200) == 100);
    CHECK(limits.size(0) == 1);
}
