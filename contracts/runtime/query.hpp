#pragma once

#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "reader.hpp"

namespace lintel::contracts::detail {

enum class QueryKind { integer, number, boolean };

/// A parameter that is not text.
struct QueryField {
    std::string_view name;
    QueryKind kind;
};

/// The query as the JSON object it stands for. Text that does not say what its field wants stays text, so
/// that the parser names the fault; a parameter given twice is a fault here.
nlohmann::json query_document(QueryParameters query, std::span<const QueryField> fields, Faults& faults);

template <class T>
T parse_query(QueryParameters query, std::span<const QueryField> fields, std::string_view type)
{
    Faults faults{UnknownFields::refuse};
    const auto document = query_document(query, fields, faults);
    const Path root{};
    T result;
    read(Node{document, root, faults}, result);
    faults.throw_if_any(type);
    return result;
}

}  // namespace lintel::contracts::detail
