// libFuzzer: a connection's bytes, in pieces. Beast's parser is taken along because of what was found in it
// so: an assertion that a network may trip by its choice of pieces. How the bytes are cut must never change
// what is read.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/request_reader.hpp"

namespace http = lintel::http;
using http::engine::RequestReader;
using State = RequestReader::State;

namespace {

struct Outcome {
    State state;
    std::string target;
    std::string body;
    std::size_t fields;

    bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view text, std::size_t step, const http::Limits& limits)
{
    RequestReader reader(limits);
    std::string pending;
    for (std::size_t at = 0; at < text.size() && reader.state() == State::incomplete; at += step) {
        pending += text.substr(at, step);
        pending.erase(0, reader.feed(pending));
        if (pending.size() > limits.header_bytes + step) std::abort();
    }
    auto& message = reader.message();
    if (message.body.size() > limits.body_bytes) std::abort();
    if (reader.state() == State::refused) return {State::refused, {}, {}, 0};
    return {reader.state(), message.target, message.body, message.headers.size()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) return 0;
    http::Limits limits;
    limits.header_bytes = 4096;
    limits.body_bytes = 256;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = read(text, text.size(), limits);
    const auto pieces = read(text, data[0] % 32U + 1U, limits);
    // Of a request that is incomplete or too large, more or less may have been looked at.
    if (size < limits.header_bytes && whole.state == State::complete && !(whole == pieces)) std::abort();
    return 0;
}
