#pragma once

#include <span>
#include <string>
#include <utility>

namespace lintel::contracts {

/// What a parser does with a field that the contract does not name.
enum class UnknownFields {
    /// A fault: for what a caller sends, so that a misspelt field does not pass unseen.
    refuse,
    /// Passed over: for what a peer of a newer release replies, so that fields can be added while both run.
    ignore,
};

/// The parameters of a URL's query in their order, percent-decoded to UTF-8 without U+0000, as http::Query
/// has them. Borrowed for the call.
using QueryParameters = std::span<const std::pair<std::string, std::string>>;

}  // namespace lintel::contracts
