// libFuzzer: whatever bytes come, parse_json and every generated parser either take them or throw
// core::Error, and what they take comes back as it was. Seeds: contracts/examples.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "registry.hpp"

namespace {

void try_all_types(const nlohmann::json& document)
{
    for (const auto& type : lintel::contracts::test::all_types()) {
        try {
            type.round_trip(document);
        } catch (const lintel::core::Error&) {
            // Refused, as it may be. A std::logic_error, of a value that does not come back, ends the run.
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    try {
        const auto document = lintel::core::parse_json(text);
        try_all_types(document);
        // Invalid examples have theirs inside, which lets the seeds reach deeper.
        if (document.is_object() && document.contains("document")) try_all_types(document.at("document"));
    } catch (const lintel::core::Error&) {
        // Not JSON.
    }
    return 0;
}
