#pragma once

#include <string>

#include "lintel/http/headers.hpp"
#include "lintel/http/method.hpp"

namespace lintel::http::engine {

/// One request as it came over the wire, complete and well-formed, nothing decoded yet.
struct IncomingMessage {
    Method method = Method::other;
    std::string method_text;
    std::string target;
    /// 10 or 11.
    int version = 11;
    Headers headers;
    std::string body;
};

}  // namespace lintel::http::engine
