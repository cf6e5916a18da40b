#include "lintel/core/page_token.hpp"

#include "lintel/core/error.hpp"

namespace lintel::core {
namespace {

/// Of an id's text without its hyphens.
constexpr std::size_t kHexLength = 32;

std::string to_hex(const Id& id)
{
    std::string text = id.to_string();
    std::erase(text, '-');
    return text;
}

std::optional<Id> from_hex(std::string_view hex)
{
    std::string text(hex);
    for (const std::size_t at : {20U, 16U, 12U, 8U})
        text.insert(at, "-");
    return Id::parse(text);
}

}  // namespace

std::string make_page_token(const Id& last, std::string_view filters)
{
    return to_hex(last) + to_hex(Id::derive(last, filters));
}

Id parse_page_token(std::string_view token, std::string_view filters)
{
    if (token.size() == 2 * kHexLength) {
        const auto last = from_hex(token.substr(0, kHexLength));
        if (last && make_page_token(*last, filters) == token) return *last;
    }
    throw Error(ErrorCode::malformed,
                "pageToken is not one that was given out for this list and these filters; "
                "ask for the first page without it",
                {{"/pageToken", "is not a token of this list"}});
}

Id newest_id()
{
    return *Id::parse("ffffffff-ffff-ffff-ffff-ffffffffffff");
}

Id page_start(const std::optional<std::string>& token, std::string_view filters)
{
    return token ? parse_page_token(*token, filters) : newest_id();
}

}  // namespace lintel::core
