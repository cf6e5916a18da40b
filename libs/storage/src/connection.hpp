#pragma once

#include <memory>
#include <string>

#include <pqxx/connection>

namespace lintel::storage {

/// A connection as everything here wants it: it never reconnects by itself, which would lose the state of its
/// session in the middle of a transaction, and its errors are verbose: SQLSTATE and constraint stand in
/// places of their own, whatever language the server speaks. Throws pqxx::broken_connection, or core::Error
/// when `conninfo` cannot be read.
std::unique_ptr<pqxx::connection> open_connection(const std::string& conninfo);

}  // namespace lintel::storage
