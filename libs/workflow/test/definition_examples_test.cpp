#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/workflow/definition.hpp"

namespace fs = std::filesystem;
using lintel::workflow::parse_definition;
using nlohmann::json;

namespace {

const fs::path kExamples = fs::path(SOURCE_ROOT) / "contracts/examples/WorkflowDefinition";

json read(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return lintel::core::parse_json(std::string(std::istreambuf_iterator<char>(stream), {}));
}

std::vector<fs::path> files_in(const fs::path& directory)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(directory)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    CHECK_FALSE(files.empty());
    return files;
}

}  // namespace

TEST_CASE("what the schema takes is taken")
{
    for (const auto& directory :
         {kExamples, kExamples / "edge", fs::path(SOURCE_ROOT) / "apps/workflows/definitions"}) {
        for (const auto& file : files_in(directory)) {
            CAPTURE(file.string());
            CHECK_NOTHROW(parse_definition(read(file)));
        }
    }
}

TEST_CASE("what the schema refuses is refused, with every fault at its pointer")
{
    for (const auto& file : files_in(kExamples / "invalid")) {
        CAPTURE(file.string());
        const auto example = read(file);
        auto expected = example["pointers"].get<std::vector<std::string>>();
        std::vector<std::string> found;
        try {
            parse_definition(example["document"]);
        } catch (const lintel::core::Error& error) {
            CHECK(error.code() == lintel::core::ErrorCode::invalid);
            for (const auto& fault : error.fields())
                found.push_back(fault.pointer);
        }
        std::ranges::sort(expected);
        std::ranges::sort(found);
        CHECK(found == expected);
    }
}

TEST_CASE("a definition that is shipped with a service is what its file is called")
{
    for (const auto& file : files_in(fs::path(SOURCE_ROOT) / "apps/workflows/definitions")) {
        const auto definition = parse_definition(read(file));
        CHECK(definition->name == file.stem());
        CHECK(definition->version > 0);
    }
}
