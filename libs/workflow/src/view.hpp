#pragma once

#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lintel/workflow/mapping.hpp"
#include "lintel/workflow/run.hpp"

namespace lintel::workflow {

/// The path up to and with its last slash: what the paths of all steps of the same scope begin with.
std::string_view prefix_of(std::string_view path) noexcept;

/// What the templates of the step at a path see of a run. Refers to the run, which must stay as it is
/// meanwhile.
class View {
public:
    /// An empty path is the root scope, that of a compensation sees what the step it undoes sees, and the
    /// failure. Throws Error{invalid} when the enclosing element is not there.
    View(const Run& run, std::string_view path);

    View(const View&) = delete;
    View& operator=(const View&) = delete;

    /// As workflow::resolve().
    nlohmann::json resolve(const nlohmann::json& mapping) const;

private:
    void find_item();
    const nlohmann::json* output_of(const std::string& step) const;

    const Run& run_;
    std::string prefix_;
    nlohmann::json input_;
    nlohmann::json workflow_;
    nlohmann::json failure_;
    nlohmann::json item_;
    mutable std::map<std::string, nlohmann::json> outputs_;
    References references_;
};

}  // namespace lintel::workflow
