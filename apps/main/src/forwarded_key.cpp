#include "forwarded_key.hpp"

#include <string_view>

#include "lintel/core/id.hpp"
#include "workflow_starts.hpp"

namespace lintel::main {
namespace {

constexpr std::string_view kClient = "client/";
constexpr std::string_view kRequest = "request/";

bool is_id(std::string_view text)
{
    return core::Id::parse(text).has_value();
}

/// RUN/STEP/GENERATION; a step's path may have slashes of its own.
bool is_of_step(std::string_view key)
{
    constexpr std::size_t kIdLength = 36;
    if (key.size() <= kIdLength || key[kIdLength] != '/' || !is_id(key.substr(0, kIdLength))) return false;
    const auto generation = key.rfind('/') + 1;
    return generation > kIdLength + 1 && key.find_first_not_of("0123456789", generation) == key.npos;
}

bool is_reserved(std::string_view key)
{
    return key.starts_with(kClient) || is_of_step(key) || is_promise_key(key) ||
           (key.starts_with(kRequest) && is_id(key.substr(kRequest.size())));
}

}  // namespace

std::string forwarded_key(std::string key)
{
    if (!is_reserved(key)) return key;
    // Of a length that every worker takes.
    return std::string(kClient) + core::Id::derive(core::Id(), key).to_string();
}

std::string fresh_key()
{
    return std::string(kRequest) + core::Id::generate().to_string();
}

}  // namespace lintel::main
