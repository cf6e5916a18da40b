#include "lintel/telemetry/context.hpp"

#include "lintel/core/id.hpp"

namespace lintel::telemetry {
namespace {

constexpr std::size_t kTraceparentLength = 55;
constexpr std::size_t kTracestateMax = 512;

template <std::size_t N>
std::string to_hex(const std::array<std::uint8_t, N>& bytes)
{
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * N);
    for (const auto byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 0xf];
    }
    return text;
}

/// Lower-case only, as the recommendation asks; false also for all zeros, which mean "invalid" there.
template <std::size_t N>
bool from_hex(std::string_view text, std::array<std::uint8_t, N>& bytes)
{
    bool any = false;
    for (std::size_t i = 0; i < 2 * N; ++i) {
        const char c = text[i];
        int value = -1;
        if (c >= '0' && c <= '9') value = c - '0';
        if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
        if (value < 0) return false;
        any = any || value > 0;
        bytes[i / 2] = static_cast<std::uint8_t>(bytes[i / 2] << 4 | value);
    }
    return any;
}

template <std::size_t N>
std::array<std::uint8_t, N> random_bytes()
{
    std::array<std::uint8_t, N> bytes{};
    // Bytes 9 to 15 of a version 7 UUID are random as they are; byte 8 carries the variant.
    for (std::size_t filled = 0; filled < N;) {
        const auto id = core::Id::generate();
        for (std::size_t from = 9; from < 16 && filled < N; ++from)
            bytes[filled++] = id.bytes()[from];
    }
    return bytes;
}

}  // namespace

Trace Trace::start()
{
    Trace trace;
    trace.trace_id_ = random_bytes<16>();
    trace.span_id_ = random_bytes<8>();
    return trace;
}

Trace Trace::from_traceparent(std::string_view traceparent, std::string_view tracestate)
{
    const bool known_shape =
        traceparent.size() >= kTraceparentLength && traceparent[2] == '-' && traceparent[35] == '-' &&
        traceparent[52] == '-' &&
        (traceparent.size() == kTraceparentLength || traceparent[kTraceparentLength] == '-');
    if (!known_shape) return start();

    Trace trace;
    std::array<std::uint8_t, 1> version{};
    std::array<std::uint8_t, 1> flags{};
    from_hex(traceparent.substr(0, 2), version);
    from_hex(traceparent.substr(53, 2), flags);
    // Version ff is forbidden, and version 00 has nothing behind its flags; later ones may.
    const bool valid = version[0] != 0xff && (version[0] != 0 || traceparent.size() == kTraceparentLength) &&
                       from_hex(traceparent.substr(3, 32), trace.trace_id_) &&
                       from_hex(traceparent.substr(36, 16), trace.span_id_);
    if (!valid) return start();
    trace.flags_ = flags[0] & 1U;
    if (tracestate.size() <= kTracestateMax) trace.tracestate_ = tracestate;
    return trace;
}

Trace Trace::child() const
{
    Trace trace = *this;
    trace.span_id_ = random_bytes<8>();
    return trace;
}

std::string Trace::traceparent() const
{
    std::string text = "00-";
    text += to_hex(trace_id_);
    text += '-';
    text += to_hex(span_id_);
    text += is_sampled() ? "-01" : "-00";
    return text;
}

std::string Trace::trace_id() const
{
    return to_hex(trace_id_);
}

std::string Trace::span_id() const
{
    return to_hex(span_id_);
}

}  // namespace lintel::telemetry
