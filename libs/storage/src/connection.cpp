#include "connection.hpp"

#include <string_view>

#include "lintel/core/error.hpp"

namespace lintel::storage {
namespace {

/// libpq quotes what it cannot read, and that may be the password.
bool is_about_conninfo(std::string_view message) noexcept
{
    return message.find("connection info string") != std::string_view::npos ||
           message.find("URI") != std::string_view::npos;
}

std::unique_ptr<pqxx::connection> connect(const std::string& conninfo)
{
    try {
        return std::make_unique<pqxx::connection>(conninfo);
    } catch (const pqxx::broken_connection& refused) {
        if (!is_about_conninfo(refused.what())) throw;
    }
    throw core::Error(core::ErrorCode::internal, "the database URL is malformed");
}

}  // namespace

std::unique_ptr<pqxx::connection> open_connection(const std::string& conninfo)
{
    auto connection = connect(conninfo);
    // The driver means to drop automatic reconnecting, and has deprecated the switch along with it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
    connection->set_verbosity(pqxx::connection_base::verbose);
    return connection;
}

}  // namespace lintel::storage
