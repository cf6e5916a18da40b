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

TEST_CASE("a page is cut to its size and leads to the next one, if there is one")
{
    struct Item {
        Id id;
    };
    struct Page {
        std::vector<Item> items;
        std::optional<std::string> next_page_token;
    };
    Page page{{{Id::generate()}, {Id::generate()}, {Id::generate()}}, {}};
    const auto second = page.items[1].id;
    cut_page(page, 3, "f");
    CHECK(!page.next_page_token);
    cut_page(page, 2, "f");
    CHECK(page.items.size() == 2);
    REQUIRE(page.next_page_token);
    CHECK(parse_page_token(*page.next_page_token, "f") == second);
}
