#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lintel/core/error.hpp"
#include "lintel/http/server.hpp"

namespace lintel::http {
namespace {

/// Takes as long for a wrong token as for the right one: time must not tell how much of a guess was right.
bool is_same(std::string_view left, std::string_view right) noexcept
{
    if (left.size() != right.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        difference |=
            static_cast<unsigned char>(left[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(right[i]));
    return difference == 0;
}

}  // namespace

std::function<void(const Request&)> bearer_tokens(std::vector<std::string> tokens)
{
    return [tokens = std::move(tokens)](const Request& request) {
        if (tokens.empty()) return;
        constexpr std::string_view kScheme = "Bearer ";
        const auto header = request.headers.find("Authorization").value_or("");
        bool is_known = false;
        if (equals_ignoring_case(header.substr(0, kScheme.size()), kScheme))
            for (const auto& token : tokens)
                is_known |= is_same(header.substr(kScheme.size()), token);
        if (!is_known)
            throw core::Error(core::ErrorCode::unauthenticated, "a valid bearer token is required");
    };
}

}  // namespace lintel::http
