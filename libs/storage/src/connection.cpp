#include "connection.hpp"

namespace lintel::storage {

std::unique_ptr<pqxx::connection> open_connection(const std::string& conninfo)
{
    auto connection = std::make_unique<pqxx::connection>(conninfo);
    // The driver means to drop automatic reconnecting, and has deprecated the switch along with it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
    connection->set_verbosity(pqxx::connection_base::verbose);
    return connection;
}

}  // namespace lintel::storage
