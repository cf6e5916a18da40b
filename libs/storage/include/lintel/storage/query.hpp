#pragma once

namespace lintel::storage {

/// A statement that was embedded from sql/queries/<name>.sql by lintel_embed_sql().
/// The name is the prepared statement's name and the label of its metrics.
struct Query {
    const char* name;
    const char* text;
};

/// A step of the schema that was embedded from sql/migrations/<number>_<name>.sql.
struct Migration {
    int number;
    const char* name;
    const char* sql;
    /// SHA-256 of the file, in hex: a step that has been applied somewhere must never change.
    const char* checksum;
};

}  // namespace lintel::storage
