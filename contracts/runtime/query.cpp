#include "query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace lintel::contracts::detail {

namespace {

using nlohmann::json;

json number_or_text(const std::string& text)
{
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end && std::isfinite(value) ? json(value) : json(text);
}

json integer_or_text(const std::string& text)
{
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (stop != end) return text;
    if (error == std::errc{}) return value;
    // An integer beyond 64 bits is one for the limits to judge.
    return error == std::errc::result_out_of_range ? number_or_text(text) : json(text);
}

json value_of(const std::string& text, std::string_view name, std::span<const QueryField> fields)
{
    const auto field =
        std::find_if(fields.begin(), fields.end(), [name](const auto& f) { return f.name == name; });
    if (field == fields.end()) return text;
    switch (field->kind) {
        case QueryKind::integer:
            return integer_or_text(text);
        case QueryKind::number:
            return number_or_text(text);
        case QueryKind::boolean:
            return text == "true" ? json(true) : text == "false" ? json(false) : json(text);
    }
    return text;
}

}  // namespace

json query_document(QueryParameters query, std::span<const QueryField> fields, Faults& faults)
{
    json document = json::object();
    const Path root{};
    for (const auto& [name, text] : query) {
        if (document.contains(name)) {
            faults.add(Path{&root, name, std::nullopt}, "is given more than once");
        } else {
            document[name] = value_of(text, name, fields);
        }
    }
    return document;
}

}  // namespace lintel::contracts::detail
