#include "conninfo.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "lintel/core/percent.hpp"

namespace lintel::storage {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// A plan that was made and kept while a table was small or empty would scan the table for ever. Every
/// statement of a service has an index to go by, and one that truly needs the whole table still gets it. What
/// a page of a list is read from lies in memory: at the default cost of a page the planner, which takes a
/// LIMIT that it does not know for a tenth of all rows, would rather read and sort all of them.
constexpr const char* kPlanning = " -c random_page_cost=1.1 -c enable_seqscan=off";

std::string server_options(const PoolOptions& options)
{
    return "-c statement_timeout=" + std::to_string(options.statement_timeout.count()) +
           " -c lock_timeout=" + std::to_string(options.lock_timeout.count()) +
           " -c idle_in_transaction_session_timeout=" +
           std::to_string(options.idle_in_transaction_timeout.count()) +
           " -c timezone=UTC -c datestyle=ISO -c jit=off" + kPlanning;
}

Settings settings(const PoolOptions& options)
{
    const auto connect_seconds = std::chrono::ceil<std::chrono::seconds>(options.connect_timeout);
    return {{"connect_timeout", std::to_string(connect_seconds.count())},
            {"tcp_user_timeout", std::to_string(options.tcp_user_timeout.count())},
            {"keepalives_idle", std::to_string(options.keepalive_idle.count())},
            {"keepalives_interval", "10"},
            {"keepalives_count", "3"},
            {"application_name", options.name},
            {"client_encoding", "UTF8"}};
}

std::string quote(std::string_view text)
{
    std::string quoted = "'";
    for (const char letter : text) {
        if (letter == '\'' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return quoted + '\'';
}

bool is_uri(std::string_view url) noexcept
{
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

/// Where the value of `key` begins, in either form; npos when the URL does not set it.
std::size_t find_value(std::string_view url, const std::string& key)
{
    const auto separators = is_uri(url) ? std::array{'?', '&'} : std::array{' ', ' '};
    for (auto at = url.find(key + '='); at != std::string_view::npos; at = url.find(key + '=', at + 1)) {
        if (at == 0 || url[at - 1] == separators[0] || url[at - 1] == separators[1])
            return at + key.size() + 1;
    }
    return std::string_view::npos;
}

void append(std::string& conninfo, const std::string& key, const std::string& value)
{
    if (is_uri(conninfo))
        conninfo +=
            (conninfo.find('?') == std::string::npos ? '?' : '&') + key + '=' + core::percent_encode(value);
    else
        conninfo += ' ' + key + '=' + quote(value);
}

}  // namespace

std::string make_conninfo(const PoolOptions& options)
{
    auto conninfo = options.url;
    // The server takes the last of several settings of one name, so the URL's own come behind ours.
    const auto own_options = find_value(conninfo, "options");
    if (own_options == std::string::npos) {
        append(conninfo, "options", server_options(options));
    } else {
        const bool quoted = conninfo.compare(own_options, 1, "'") == 0;
        const auto ours = server_options(options) + ' ';
        conninfo.insert(own_options + (quoted ? 1 : 0), is_uri(conninfo) ? core::percent_encode(ours) : ours);
    }
    for (const auto& [key, value] : settings(options)) {
        if (find_value(conninfo, key) == std::string::npos) append(conninfo, key, value);
    }
    return conninfo;
}

}  // namespace lintel::storage
