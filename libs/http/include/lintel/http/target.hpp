#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lintel::http {

/// Decodes %XX strictly: nothing for a bad escape, a byte that a URI cannot hold, U+0000 or invalid UTF-8.
/// `plus_is_space` is the rule of query strings (application/x-www-form-urlencoded).
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// The parameters of a query string, decoded, in order.
class Query {
public:
    /// Throws Error{malformed} for what percent_decode refuses and for more than kMaxParameters.
    static Query parse(std::string_view text);

    /// The value of `name`, nothing when absent. Throws Error{invalid} when it was given more than once.
    std::optional<std::string_view> find(std::string_view name) const;

    /// Throws Error{invalid} with one entry per parameter that is not in `known` or was given twice.
    void require_known(std::initializer_list<std::string_view> known) const;

    bool empty() const noexcept { return parameters_.empty(); }
    const std::vector<std::pair<std::string, std::string>>& parameters() const noexcept
    {
        return parameters_;
    }

    static constexpr std::size_t kMaxParameters = 128;

private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

/// A request target (RFC 9112, 3.2) taken apart; views into it. The path is still encoded.
struct Target {
    std::string_view path;
    std::string_view query;
};

/// Origin form, absolute form (whose authority is dropped) or `*`. Throws Error{malformed} for anything else.
Target parse_target(std::string_view target);

}  // namespace lintel::http
