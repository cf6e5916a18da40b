#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "document.hpp"

namespace lintel::workflow {

/// A JSON Schema, ready to be used. Immutable, so any number of threads may check at once.
class InputSchema {
public:
    virtual ~InputSchema() = default;

    /// Every fault of `input`, at pointers that begin with /input.
    virtual Faults check(const nlohmann::json& input) const = 0;

    /// Adds what is wrong with the schema at `pointer` to `faults`, and is nullptr then.
    static std::shared_ptr<const InputSchema> compile(const nlohmann::json& schema,
                                                      const std::string& pointer, Faults& faults);
};

}  // namespace lintel::workflow
