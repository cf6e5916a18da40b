#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lintel::workflows {

/// Page tokens of lists that go by a number; see core::make_page_token().
std::string make_number_token(std::int64_t last, std::string_view filters);
std::int64_t parse_number_token(std::string_view token, std::string_view filters);

}  // namespace lintel::workflows
