#include "lintel/workflow/mapping.hpp"

#include "reference.hpp"

namespace lintel::workflow {
namespace {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

class Resolver {
public:
    Resolver(const References& references, std::size_t max_bytes)
        : references_(references), index_(references.index), left_(max_bytes)
    {
    }

    json resolve(const json& mapping)
    {
        if (mapping.is_object()) return resolve_object(mapping);
        if (!mapping.is_array()) return take(mapping);
        spend(2);
        auto result = json::array();
        for (const auto& element : mapping)
            result.push_back(resolve(element));
        return result;
    }

private:
    json resolve_object(const json& mapping)
    {
        if (const auto reference = mapping.find("$ref"); reference != mapping.end())
            return resolve_reference(mapping, reference->get_ref<const std::string&>());
        if (const auto literal = mapping.find("$literal"); literal != mapping.end()) return take(*literal);
        spend(2);
        auto result = json::object();
        for (const auto& [key, value] : mapping.items()) {
            spend(key.size() + 3);
            result[key] = resolve(value);
        }
        return result;
    }

    json resolve_reference(const json& mapping, const std::string& pointer)
    {
        if (const auto* found = target(pointer)) return take(*found);
        if (const auto otherwise = mapping.find("default"); otherwise != mapping.end())
            return resolve(*otherwise);
        throw Error(ErrorCode::invalid, "the reference " + pointer + " leads nowhere, and it has no default");
    }

    const json* target(const std::string& pointer) const
    {
        PointerReader path(pointer);
        const auto root = path.next();
        if (!root) return nullptr;
        if (*root == "input") return follow(references_.input, path);
        if (*root == "workflow") return follow(references_.workflow, path);
        if (*root == "item") return follow(references_.item, path);
        if (*root == "index") return references_.item ? follow(&index_, path) : nullptr;
        if (*root == "failure") return follow(references_.failure, path);
        const auto step = path.next();
        if (*root != "steps" || !step || path.next() != "output" || !references_.output) return nullptr;
        return follow(references_.output(*step), path);
    }

    json take(const json& value)
    {
        measure(value);
        return value;
    }

    /// Counts no more than the value has when it is written.
    void measure(const json& value)
    {
        if (const auto* text = value.get_ptr<const std::string*>()) {
            spend(text->size() + 2);
        } else if (const auto* members = value.get_ptr<const json::object_t*>()) {
            spend(2);
            for (const auto& [key, member] : *members) {
                spend(key.size() + 3);
                measure(member);
            }
        } else if (const auto* elements = value.get_ptr<const json::array_t*>()) {
            spend(2);
            for (const auto& element : *elements)
                measure(element);
        } else {
            spend(1);
        }
    }

    void spend(std::size_t bytes)
    {
        if (bytes > left_)
            throw Error(ErrorCode::too_large,
                        "what the references of a mapping lead to is too large to be put together");
        left_ -= bytes;
    }

    const References& references_;
    const json index_;
    std::size_t left_;
};

}  // namespace

json resolve(const json& mapping, const References& references, std::size_t max_bytes)
{
    return Resolver(references, max_bytes).resolve(mapping);
}

}  // namespace lintel::workflow
