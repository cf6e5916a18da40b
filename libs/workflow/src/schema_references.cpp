#include "schema_references.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace lintel::workflow {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "#/definitions/";
/// Parts of a schema once its references are replaced. Each may be looked at for each part of an input.
constexpr std::size_t kMaxSize = 10'000;
/// Levels of JSON of a schema once its references are replaced. Each is a handful of calls within calls.
constexpr std::size_t kMaxDepth = 128;
constexpr std::size_t kMaxDefinitions = 100;

/// What a part of a schema comes to once its references are replaced.
struct Extent {
    std::size_t size = 1;
    std::size_t depth = 1;

    void add(const Extent& child)
    {
        size = std::min(size + child.size, kMaxSize + 1);
        depth = std::max(depth, child.depth + 1);
    }
};

class Expansion {
public:
    Expansion(const json& definitions, const std::string& pointer, Faults& faults)
        : definitions_(definitions), pointer_(pointer), faults_(faults)
    {
    }

    /// Of any value in a schema.
    Extent extent_of(const json& value)
    {
        Extent extent;
        if (!value.is_structured()) return extent;
        if (const auto reference = value.is_object() ? value.find("$ref") : value.end();
            reference != value.end() && is_local_reference(*reference))
            extent.add(extent_of_target(reference->get_ref<const std::string&>().substr(kPrefix.size())));
        for (const auto& child : value)
            extent.add(extent_of(child));
        return extent;
    }

private:
    Extent extent_of_target(const std::string& name)
    {
        const auto [known, is_new] = extents_.try_emplace(name, std::nullopt);
        if (!is_new) {
            if (!known->second) refuse(name, "refers to itself; schemas without an end are not taken");
            return known->second.value_or(Extent());
        }
        const auto target = definitions_.find(name);
        if (target == definitions_.end()) refuse(name, "is referred to, but does not exist");
        const auto extent = target == definitions_.end() ? Extent() : extent_of(*target);
        extents_[name] = extent;
        return extent;
    }

    void refuse(const std::string& name, std::string detail)
    {
        faults_.push_back({pointer_to(pointer_to(pointer_, "definitions"), name), std::move(detail)});
    }

    const json& definitions_;
    const std::string& pointer_;
    Faults& faults_;
    /// Nothing for one that is being looked at.
    std::map<std::string, std::optional<Extent>> extents_;
};

}  // namespace

bool is_local_reference(const json& value)
{
    const auto* text = value.get_ptr<const std::string*>();
    if (!text || !text->starts_with(kPrefix) || text->size() == kPrefix.size()) return false;
    return std::all_of(text->begin() + kPrefix.size(), text->end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.';
    });
}

void check_references(const json& schema, const std::string& pointer, Faults& faults)
{
    const auto definitions = schema.value("definitions", json::object());
    if (definitions.size() > kMaxDefinitions) {
        faults.push_back({pointer_to(pointer, "definitions"),
                          "has more than " + std::to_string(kMaxDefinitions) + " schemas"});
        return;
    }
    const auto extent = Expansion(definitions, pointer, faults).extent_of(schema);
    if (extent.size > kMaxSize || extent.depth > kMaxDepth)
        faults.push_back({pointer, "has more than " + std::to_string(kMaxSize) + " parts, or more than " +
                                       std::to_string(kMaxDepth) +
                                       " levels, once every $ref is replaced by what it refers to"});
}

}  // namespace lintel::workflow
