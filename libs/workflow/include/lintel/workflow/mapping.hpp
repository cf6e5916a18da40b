#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"

namespace lintel::workflow {

/// Where references lead. Each returns nullptr for what is not there.
struct References {
    const nlohmann::json* input = nullptr;
    /// id, name, definition, version, key, attributes, createdAt.
    const nlohmann::json* workflow = nullptr;
    /// The element and its number, inside a forEach.
    const nlohmann::json* item = nullptr;
    std::int64_t index = 0;
    /// The output of a completed step, by its name as seen from where the template stands.
    std::function<const nlohmann::json*(const std::string& step)> output;
    /// Why the run ends, for compensations: status, step, code, message, errors, reason.
    const nlohmann::json* failure = nullptr;
};

/// What a template may become at most: a few references to something large make something huge.
inline constexpr std::size_t kMaxResolvedBytes = std::size_t{1} << 20;

/// `mapping` with every reference replaced by what it leads to.
///
/// A reference is an object {"$ref": pointer} or {"$ref": pointer, "default": mapping}; the pointer (RFC
/// 6901) begins with /input, /workflow, /item, /index, /steps/NAME/output or /failure. A default is resolved
/// when the pointer leads nowhere; null is somewhere. {"$literal": value} is `value` as it stands. Everything
/// else stands for itself. Throws Error{invalid}, naming the reference, when it leads nowhere and has no
/// default, and Error{too_large} when the result has more than `max_bytes` bytes.
nlohmann::json resolve(const nlohmann::json& mapping, const References& references,
                       std::size_t max_bytes = kMaxResolvedBytes);

/// What is known of a step where a template refers to it.
enum class Visibility {
    /// There is none of this name.
    unknown,
    /// It may not have been settled by then.
    not_settled,
    /// It has been settled, but the switch that it is in may have chosen another case: a default is a must.
    may_be_skipped,
    settled,
};

/// Where a template stands.
struct Viewpoint {
    std::function<Visibility(const std::string& step)> step;
    /// Inside a forEach, where /item and /index are.
    bool has_item = false;
    /// A template that is resolved when a workflow starts sees its input and nothing else.
    bool only_input = false;
    /// In a compensation, where /failure is.
    bool has_failure = false;
};

/// Adds to `faults` every reference in `mapping` (which stands at `pointer` of a document) that could never
/// be resolved. For checking definitions.
void check_mapping(const nlohmann::json& mapping, const std::string& pointer, const Viewpoint& from,
                   std::vector<core::FieldError>& faults);

}  // namespace lintel::workflow
