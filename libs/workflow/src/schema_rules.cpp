#include "schema_rules.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "lintel/core/json.hpp"
#include "pattern.hpp"
#include "schema_references.hpp"

namespace lintel::workflow {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kFormats{"date-time", "date", "uuid"};
constexpr std::array<std::string_view, 7> kTypes{"array",  "boolean", "integer", "null",
                                                 "number", "object",  "string"};
constexpr std::string_view kDraft = "http://json-schema.org/draft-07/schema";

class Rewriter {
public:
    explicit Rewriter(Faults& faults) : faults_(faults) {}

    json rewrite(const json& schema, const std::string& pointer, bool is_root = false)
    {
        if (schema.is_boolean() && !is_root)
            return schema.get<bool>() ? json::object() : json::object({{"not", json::object()}});
        if (!schema.is_object()) return fault(pointer, "must be a schema: an object");
        const bool is_reference = schema.contains("$ref");
        auto result = json::object();
        for (const auto& [key, value] : schema.items()) {
            const auto at = pointer_to(pointer, key);
            const auto handler = handlers().find(key);
            if (handler == handlers().end())
                fault(at,
                      "is not a keyword that is checked; see the README of libs/workflow for those that are");
            else if ((key == "definitions" || key == "$schema") && !is_root)
                fault(at, "can only stand at the top of the schema");
            else if (is_reference && key != "$ref" && key != "definitions" && !is_annotation(key))
                fault(at, "would be ignored beside $ref; put both into an allOf");
            else
                handler->second(*this, result, key, value, at);
        }
        if (result.contains(kOwnKeywords)) result[kOwnKeywords] = result[kOwnKeywords].dump();
        return result;
    }

private:
    using Handler = void (*)(Rewriter&, json& result, const std::string& key, const json& value,
                             const std::string& at);

    static const std::map<std::string_view, Handler>& handlers()
    {
        static const std::map<std::string_view, Handler> all{
            {"$schema", check_draft},
            {"title", drop},
            {"description", drop},
            {"$comment", drop},
            {"default", drop},
            {"examples", drop},
            {"readOnly", drop},
            {"writeOnly", drop},
            {"$ref", keep_reference},
            {"type", keep_type},
            {"enum", keep_values},
            {"const", keep},
            {"minimum", keep_number},
            {"maximum", keep_number},
            {"exclusiveMinimum", keep_number},
            {"exclusiveMaximum", keep_number},
            {"minLength", keep_count},
            {"maxLength", keep_count},
            {"minItems", keep_count},
            {"maxItems", keep_count},
            {"minProperties", keep_count},
            {"maxProperties", keep_count},
            {"uniqueItems", keep_boolean},
            {"required", keep_names},
            {"pattern", own_pattern},
            {"format", own_format},
            {"multipleOf", own_divisor},
            {"properties", rewrite_map},
            {"definitions", rewrite_map},
            {"dependencies", rewrite_dependencies},
            {"items", rewrite_items},
            {"allOf", rewrite_list},
            {"anyOf", rewrite_list},
            {"oneOf", rewrite_list},
            {"additionalProperties", rewrite_or_keep},
            {"additionalItems", rewrite_or_keep},
            {"not", rewrite_one},
            {"if", rewrite_one},
            {"then", rewrite_one},
            {"else", rewrite_one},
            {"contains", rewrite_one},
            {"propertyNames", rewrite_one},
        };
        return all;
    }

    static bool is_annotation(const std::string& key)
    {
        return handlers().at(key) == drop || handlers().at(key) == check_draft;
    }

    json fault(const std::string& pointer, std::string detail)
    {
        faults_.push_back({pointer, std::move(detail)});
        return json::object();
    }

    static void drop(Rewriter&, json&, const std::string&, const json&, const std::string&) {}

    static void keep(Rewriter&, json& result, const std::string& key, const json& value, const std::string&)
    {
        result[key] = value;
    }

    static void check_draft(Rewriter& self, json&, const std::string&, const json& value,
                            const std::string& at)
    {
        if (value != kDraft && value != std::string(kDraft) + "#")
            self.fault(at, "must be " + std::string(kDraft));
    }

    static void keep_reference(Rewriter& self, json& result, const std::string& key, const json& value,
                               const std::string& at)
    {
        if (is_local_reference(value))
            result[key] = value;
        else
            self.fault(at, "must be #/definitions/NAME; nothing is fetched from elsewhere");
    }

    static void keep_type(Rewriter& self, json& result, const std::string& key, const json& value,
                          const std::string& at)
    {
        const auto is_type = [](const json& name) {
            return name.is_string() &&
                   std::ranges::find(kTypes, name.get_ref<const std::string&>()) != kTypes.end();
        };
        const bool is_list = value.is_array() && !value.empty();
        if (is_list ? std::ranges::all_of(value, is_type) : is_type(value))
            result[key] = value;
        else
            self.fault(at,
                       "must be array, boolean, integer, null, number, object or string, or a list of these");
    }

    static void keep_values(Rewriter& self, json& result, const std::string& key, const json& value,
                            const std::string& at)
    {
        if (value.is_array() && !value.empty())
            result[key] = value;
        else
            self.fault(at, "must be a list of at least one value");
    }

    static void keep_number(Rewriter& self, json& result, const std::string& key, const json& value,
                            const std::string& at)
    {
        if (value.is_number())
            result[key] = value;
        else
            self.fault(at, "must be a number");
    }

    static void keep_count(Rewriter& self, json& result, const std::string& key, const json& value,
                           const std::string& at)
    {
        constexpr std::int64_t kMax = 1'000'000'000;
        const auto count = core::exact_integer(value);
        if (count && *count >= 0 && *count <= kMax)
            result[key] = *count;
        else
            self.fault(at, "must be a whole number from 0 to " + std::to_string(kMax));
    }

    static void keep_boolean(Rewriter& self, json& result, const std::string& key, const json& value,
                             const std::string& at)
    {
        if (value.is_boolean())
            result[key] = value;
        else
            self.fault(at, "must be true or false");
    }

    static bool are_names(const json& value)
    {
        return value.is_array() &&
               std::ranges::all_of(value, [](const json& name) { return name.is_string(); });
    }

    static void keep_names(Rewriter& self, json& result, const std::string& key, const json& value,
                           const std::string& at)
    {
        if (are_names(value))
            result[key] = value;
        else
            self.fault(at, "must be a list of names");
    }

    static void own_pattern(Rewriter& self, json& result, const std::string& key, const json& value,
                            const std::string& at)
    {
        const auto* text = value.get_ptr<const std::string*>();
        std::string why = "must be a text";
        if (text && Pattern::parse(*text, why))
            result[kOwnKeywords][key] = value;
        else
            self.fault(at, why);
    }

    static void own_format(Rewriter& self, json& result, const std::string& key, const json& value,
                           const std::string& at)
    {
        if (value.is_string() &&
            std::ranges::find(kFormats, value.get_ref<const std::string&>()) != kFormats.end())
            result[kOwnKeywords][key] = value;
        else
            self.fault(at, "must be date-time, date or uuid: other formats are not checked");
    }

    static void own_divisor(Rewriter& self, json& result, const std::string& key, const json& value,
                            const std::string& at)
    {
        if (value.is_number() && value.get<double>() > 0)
            result[kOwnKeywords][key] = value;
        else
            self.fault(at, "must be a number above 0");
    }

    static void rewrite_one(Rewriter& self, json& result, const std::string& key, const json& value,
                            const std::string& at)
    {
        result[key] = self.rewrite(value, at);
    }

    static void rewrite_or_keep(Rewriter& self, json& result, const std::string& key, const json& value,
                                const std::string& at)
    {
        result[key] = value.is_boolean() ? value : self.rewrite(value, at);
    }

    static void rewrite_list(Rewriter& self, json& result, const std::string& key, const json& value,
                             const std::string& at)
    {
        if (!value.is_array() || value.empty()) {
            self.fault(at, "must be a list of at least one schema");
            return;
        }
        for (std::size_t i = 0; i < value.size(); ++i)
            result[key].push_back(self.rewrite(value[i], pointer_to(at, i)));
    }

    static void rewrite_items(Rewriter& self, json& result, const std::string& key, const json& value,
                              const std::string& at)
    {
        (value.is_array() ? rewrite_list : rewrite_one)(self, result, key, value, at);
    }

    static void rewrite_map(Rewriter& self, json& result, const std::string& key, const json& value,
                            const std::string& at)
    {
        if (!value.is_object()) {
            self.fault(at, "must be an object of schemas");
            return;
        }
        result[key] = json::object();
        for (const auto& [name, schema] : value.items())
            result[key][name] = self.rewrite(schema, pointer_to(at, name));
    }

    static void rewrite_dependencies(Rewriter& self, json& result, const std::string& key, const json& value,
                                     const std::string& at)
    {
        if (!value.is_object()) {
            self.fault(at, "must be an object of schemas and lists of names");
            return;
        }
        for (const auto& [name, needed] : value.items()) {
            const auto where = pointer_to(at, name);
            if (needed.is_array())
                keep_names(self, result[key], name, needed, where);
            else
                result[key][name] = self.rewrite(needed, where);
        }
    }

    Faults& faults_;
};

}  // namespace

json rewrite_schema(const json& schema, const std::string& pointer, Faults& faults)
{
    const auto before = faults.size();
    auto result = Rewriter(faults).rewrite(schema, pointer, true);
    if (faults.size() == before) check_references(result, pointer, faults);
    return result;
}

}  // namespace lintel::workflow
