#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "registry.hpp"

namespace {

using lintel::contracts::test::TypeEntry;
using nlohmann::json;
namespace fs = std::filesystem;

json read_json(const fs::path& file)
{
    std::ifstream stream{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    return lintel::core::parse_json(text);
}

void add_json_files(std::vector<fs::path>& files, const fs::path& directory)
{
    if (!fs::exists(directory)) return;
    for (const auto& entry : fs::directory_iterator{directory}) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
}

std::vector<fs::path> valid_examples(std::string_view type)
{
    std::vector<fs::path> files;
    add_json_files(files, fs::path{EXAMPLES} / type);
    add_json_files(files, fs::path{EXAMPLES} / type / "edge");
    return files;
}

std::vector<fs::path> invalid_examples(std::string_view type)
{
    std::vector<fs::path> files;
    add_json_files(files, fs::path{EXAMPLES} / type / "invalid");
    return files;
}

/// Whether all that `part` says stands in `whole` too, which may say more: the defaults.
bool is_within(const json& part, const json& whole)
{
    if (!part.is_object()) return part == whole;
    return whole.is_object() &&
           std::all_of(part.items().begin(), part.items().end(), [&](const auto& member) {
               return whole.contains(member.key()) && is_within(member.value(), whole.at(member.key()));
           });
}

std::vector<std::string> fault_pointers(const TypeEntry& type, const json& document)
{
    try {
        type.round_trip(document);
    } catch (const lintel::core::Error& error) {
        CHECK(error.code() == lintel::core::ErrorCode::invalid);
        std::vector<std::string> pointers;
        for (const auto& field : error.fields()) {
            CHECK_FALSE(field.detail.empty());
            pointers.push_back(field.pointer);
        }
        return pointers;
    }
    return {"(taken)"};
}

/// Ids come back in lower case and page sizes clamped: these examples are about just that.
const std::set<std::string> kNormalised{"upper_case.json", "page_size_clamped.json"};

}  // namespace

TEST_CASE("every valid example is taken and comes back as it was")
{
    for (const auto& type : lintel::contracts::test::all_types()) {
        const auto files = valid_examples(type.name);
        CHECK_MESSAGE(!files.empty(), "no example of " << type.name);
        for (const auto& file : files) {
            CAPTURE(file.string());
            const auto document = read_json(file);
            std::string text;
            CHECK_NOTHROW(text = type.round_trip(document));
            const auto again = lintel::core::parse_json(text);
            CHECK((kNormalised.contains(file.filename()) || is_within(document, again)));
        }
    }
}

TEST_CASE("every invalid example is refused with every fault at once")
{
    for (const auto& type : lintel::contracts::test::all_types()) {
        for (const auto& file : invalid_examples(type.name)) {
            CAPTURE(file.string());
            const auto example = read_json(file);
            auto expected = example.at("pointers").get<std::vector<std::string>>();
            auto found = fault_pointers(type, example.at("document"));
            std::sort(expected.begin(), expected.end());
            std::sort(found.begin(), found.end());
            CHECK(found == expected);
        }
    }
}
