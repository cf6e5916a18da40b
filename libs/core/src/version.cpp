#include "lintel/core/version.hpp"

#include <algorithm>
#include <string>

#include "lintel/core/error.hpp"

namespace lintel::core {

void expect_version(const ExpectedVersions& expected, std::int64_t version, std::string_view noun)
{
    if (!expected || std::find(expected->begin(), expected->end(), version) != expected->end()) return;
    throw Error(ErrorCode::precondition, "the " + std::string(noun) + " has version " +
                                             std::to_string(version) +
                                             " by now; read it again and repeat the change");
}

}  // namespace lintel::core
