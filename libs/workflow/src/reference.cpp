#include "reference.hpp"

#include <charconv>

namespace lintel::workflow {
namespace {

using nlohmann::json;

/// As RFC 6901 writes an index: no sign, no leading zero.
std::optional<std::size_t> index_of(const std::string& step)
{
    std::size_t index = 0;
    const char* const end = step.data() + step.size();
    const auto [parsed, error] = std::from_chars(step.data(), end, index);
    if (error != std::errc() || parsed != end || (step.size() > 1 && step.front() == '0'))
        return std::nullopt;
    return index;
}

const json* child_of(const json& value, const std::string& step)
{
    if (value.is_object()) {
        const auto found = value.find(step);
        return found == value.end() ? nullptr : &*found;
    }
    const auto index = value.is_array() ? index_of(step) : std::nullopt;
    return index && *index < value.size() ? &value[*index] : nullptr;
}

}  // namespace

std::optional<std::string> PointerReader::next()
{
    if (rest_.empty() || rest_.front() != '/') return std::nullopt;
    const auto escaped = rest_.substr(1, rest_.find('/', 1) - 1);
    std::string step;
    for (std::size_t at = 0; at < escaped.size(); ++at) {
        if (escaped[at] != '~') {
            step += escaped[at];
            continue;
        }
        if (++at == escaped.size() || (escaped[at] != '0' && escaped[at] != '1')) return std::nullopt;
        step += escaped[at] == '0' ? '~' : '/';
    }
    rest_.remove_prefix(1 + escaped.size());
    return step;
}

bool is_pointer(std::string_view pointer)
{
    PointerReader reader(pointer);
    while (!reader.at_end()) {
        if (!reader.next()) return false;
    }
    return true;
}

const json* follow(const json* value, PointerReader& path)
{
    while (value && !path.at_end()) {
        const auto step = path.next();
        value = step ? child_of(*value, *step) : nullptr;
    }
    return value;
}

}  // namespace lintel::workflow
