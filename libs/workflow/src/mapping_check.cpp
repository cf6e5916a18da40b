#include <algorithm>
#include <array>

#include "document.hpp"
#include "reference.hpp"

namespace lintel::workflow {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> kWorkflowFields{"id",  "name",       "definition", "version",
                                                          "key", "attributes", "createdAt"};
constexpr std::array<std::string_view, 6> kFailureFields{"status",  "step",   "code",
                                                         "message", "errors", "reason"};

/// The next step of `path` must be one of `fields`, if there is one.
template <std::size_t count>
std::string unknown_field(PointerReader& path, const std::array<std::string_view, count>& fields,
                          const std::string& owner)
{
    const auto field = path.next();
    const bool is_known = !field || std::ranges::find(fields, *field) != fields.end();
    return is_known ? "" : "there is no " + in_quotes(*field) + " of a " + owner;
}

/// What is wrong with a reference; empty for nothing.
std::string fault_of(const std::string& pointer, bool has_default, const Viewpoint& from)
{
    if (!is_pointer(pointer)) return "must be a JSON pointer (RFC 6901)";
    PointerReader path(pointer);
    const auto root = path.next().value_or("");
    if (root == "input") return {};
    if (from.only_input) return "must begin with /input: nothing else is there when a workflow starts";
    if (root == "workflow") return unknown_field(path, kWorkflowFields, "workflow");
    if (root == "failure")
        return from.has_failure ? unknown_field(path, kFailureFields, "failure")
                                : "/failure is only there in a compensation";
    if (root == "item" || root == "index")
        return from.has_item ? "" : "/" + root + " is only there inside a forEach";
    if (root != "steps")
        return "must begin with /input, /workflow, /item, /index, /steps/NAME/output or /failure";
    const auto step = path.next();
    if (!step || path.next() != "output") return "must be /steps/NAME/output, or a pointer into it";
    switch (from.step(*step)) {
        case Visibility::unknown:
            return "there is no step " + in_quotes(*step);
        case Visibility::not_settled:
            return "the step " + in_quotes(*step) +
                   " is not surely settled by then: come after it, and of a forEach refer to the whole "
                   "output";
        case Visibility::may_be_skipped:
            return has_default
                       ? ""
                       : "the step " + in_quotes(*step) + " may have been skipped, so a default is needed";
        case Visibility::settled:
            break;
    }
    return {};
}

class Checker {
public:
    Checker(const Viewpoint& from, Faults& faults) : from_(from), faults_(faults) {}

    void check(const json& mapping, const std::string& pointer)
    {
        if (mapping.is_array()) {
            for (std::size_t at = 0; at < mapping.size(); ++at)
                check(mapping[at], pointer_to(pointer, at));
            return;
        }
        if (!mapping.is_object()) return;
        if (mapping.contains("$ref")) {
            check_reference(mapping, pointer);
        } else if (mapping.contains("$literal")) {
            refuse_others(mapping, {"$literal"}, pointer);
        } else {
            check_members(mapping, pointer);
        }
    }

private:
    void check_members(const json& mapping, const std::string& pointer)
    {
        for (const auto& [key, value] : mapping.items()) {
            if (key.starts_with('$'))
                faults_.push_back({pointer_to(pointer, key),
                                   "is not known; a key that begins with $ can stand in a "
                                   "$literal only"});
            else
                check(value, pointer_to(pointer, key));
        }
    }

    void check_reference(const json& mapping, const std::string& pointer)
    {
        const auto* target = mapping["$ref"].get_ptr<const std::string*>();
        const auto fallback = mapping.find("default");
        auto fault = target ? fault_of(*target, fallback != mapping.end(), from_)
                            : "must be a JSON pointer (RFC 6901)";
        if (!fault.empty()) faults_.push_back({pointer_to(pointer, "$ref"), std::move(fault)});
        if (fallback != mapping.end()) check(*fallback, pointer_to(pointer, "default"));
        refuse_others(mapping, {"$ref", "default"}, pointer);
    }

    void refuse_others(const json& mapping, std::initializer_list<std::string_view> known,
                       const std::string& pointer)
    {
        for (const auto& [key, value] : mapping.items()) {
            if (std::ranges::find(known, key) == known.end())
                faults_.push_back(
                    {pointer_to(pointer, key), "cannot stand beside " + std::string(*known.begin())});
        }
    }

    const Viewpoint& from_;
    Faults& faults_;
};

}  // namespace

void check_mapping(const json& mapping, const std::string& pointer, const Viewpoint& from,
                   std::vector<core::FieldError>& faults)
{
    Checker(from, faults).check(mapping, pointer);
}

}  // namespace lintel::workflow
