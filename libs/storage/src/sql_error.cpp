#include "sql_error.hpp"

#include <algorithm>
#include <string>

#include <pqxx/except>

namespace lintel::storage {
namespace {

using core::ErrorCode;

struct Meaning {
    Cause cause;
    ErrorCode code;
    const char* text;
};

/// The texts reach callers: they name nothing of the schema.
Meaning meaning_of(std::string_view sqlstate)
{
    if (sqlstate == "23505")
        return {Cause::data, ErrorCode::conflict, "the same exists already, where there may be only one"};
    if (sqlstate == "23P01")
        return {Cause::data, ErrorCode::conflict, "it overlaps with something that exists already"};
    if (sqlstate == "23503")
        return {Cause::data, ErrorCode::conflict,
                "it refers to something that does not exist, or is still referred to"};
    if (sqlstate.starts_with("23"))
        return {Cause::data, ErrorCode::invalid, "a value is missing or not among those that may be stored"};
    if (sqlstate.starts_with("22")) return {Cause::data, ErrorCode::invalid, "a value cannot be stored"};
    if (sqlstate == "40001" || sqlstate == "40P01")
        return {Cause::serialization, ErrorCode::unavailable, "another change was in the way"};
    if (sqlstate == "57014")
        return {Cause::cancelled, ErrorCode::deadline_exceeded, "the database took too long"};
    if (sqlstate == "55P03")
        return {Cause::busy, ErrorCode::unavailable, "another change of the same took too long"};
    if (sqlstate == "25P03" || sqlstate.starts_with("57P"))
        return {Cause::connection_lost, ErrorCode::unavailable, "the database ended the connection"};
    // A primary that was demoted, or one that has run out of space: another connection may find a better one.
    if (sqlstate == "25006")
        return {Cause::connection_lost, ErrorCode::unavailable,
                "the database takes no changes at the moment"};
    if (sqlstate.starts_with("53"))
        return {Cause::busy, ErrorCode::unavailable, "the database is out of resources"};
    // 0A000 is also "cached plan must not change result type", and 26000 a prepared statement that a pooler
    // has dropped.
    if (sqlstate == "0A000" || sqlstate == "26000")
        return {Cause::stale_plan, ErrorCode::internal, "the prepared statement is of no use any more"};
    return {Cause::defect, ErrorCode::internal, "the server refused the statement"};
}

/// The value of a line that libpq writes in its verbose form, for example "CONSTRAINT NAME:  buildings_pkey".
/// The last one counts: only the server writes behind it, while values of the caller stand in the lines
/// before.
std::string last_line(std::string_view message, std::string_view label)
{
    const auto at = message.rfind(label);
    if (at == std::string_view::npos) return {};
    auto value = message.substr(at + label.size());
    value = value.substr(0, value.find('\n'));
    return std::string(value.substr(std::min(value.find_first_not_of(' '), value.size())));
}

/// Of the verbose form "ERROR:  40P01: deadlock detected"; the driver keeps it for sql_error only.
std::string sqlstate_in(std::string_view message)
{
    constexpr std::size_t kLength = 5;
    const auto at = message.find(":  ");
    if (at == std::string_view::npos || message.size() < at + 3 + kLength + 1) return {};
    return message[at + 3 + kLength] == ':' ? std::string(message.substr(at + 3, kLength)) : std::string();
}

}  // namespace

DatabaseError::DatabaseError(Cause cause, ErrorCode code, const std::string& detail, std::string sqlstate,
                             std::string constraint)
    : Error(code, detail), cause_(cause), sqlstate_(std::move(sqlstate)), constraint_(std::move(constraint))
{
}

DatabaseError describe(const std::exception& thrown, std::string_view doing)
{
    const std::string_view message = thrown.what();
    const auto* sql = dynamic_cast<const pqxx::sql_error*>(&thrown);
    auto sqlstate = sql && !sql->sqlstate().empty() ? sql->sqlstate() : sqlstate_in(message);
    if (dynamic_cast<const pqxx::in_doubt_error*>(&thrown)) return in_doubt();
    const auto meaning = meaning_of(sqlstate);
    auto constraint = last_line(message, "\nCONSTRAINT NAME:");
    const auto detail = meaning.code == ErrorCode::internal ? std::string(doing) + ": " + meaning.text
                                                            : std::string(meaning.text);
    return DatabaseError(meaning.cause, meaning.code, detail, std::move(sqlstate), std::move(constraint));
}

DatabaseError connection_lost(bool silent)
{
    return DatabaseError(
        Cause::connection_lost, ErrorCode::unavailable,
        silent ? "the database did not answer in time" : "the connection to the database was lost");
}

DatabaseError in_doubt()
{
    return DatabaseError(Cause::in_doubt, ErrorCode::deadline_exceeded,
                         "the connection to the database was lost meanwhile; the outcome is unknown");
}

}  // namespace lintel::storage
