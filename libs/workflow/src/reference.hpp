#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lintel/workflow/mapping.hpp"

namespace lintel::workflow {

/// A JSON pointer, read step by step.
class PointerReader {
public:
    explicit PointerReader(std::string_view pointer) noexcept : rest_(pointer) {}

    bool at_end() const noexcept { return rest_.empty(); }
    /// The next step, unescaped. Nothing at the end, and when what follows is no pointer.
    std::optional<std::string> next();

private:
    std::string_view rest_;
};

/// True when all of `pointer` is a JSON pointer (RFC 6901).
bool is_pointer(std::string_view pointer);

/// What the rest of a pointer leads to inside `value`; nullptr for nothing.
const nlohmann::json* follow(const nlohmann::json* value, PointerReader& path);

}  // namespace lintel::workflow
