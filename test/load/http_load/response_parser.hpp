#pragma once

#include <cstddef>
#include <string_view>

namespace lintel::load {

/// Finds the end of one HTTP/1.1 response with a Content-Length; all that a measurement needs of it.
class ResponseParser {
public:
    enum class State { incomplete, complete, broken };

    /// `data` is everything received since the request was sent. Call again with more on incomplete.
    State parse(std::string_view data);

    int status() const { return status_; }
    bool keeps_alive() const { return keeps_alive_; }

    /// Forgets the response; for the next one.
    void reset() { *this = ResponseParser{}; }

private:
    bool parse_head(std::string_view head);

    std::size_t length_ = 0;  // head and body; 0 until the head is complete
    int status_ = 0;
    bool keeps_alive_ = true;
};

}  // namespace lintel::load
