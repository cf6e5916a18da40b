#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lintel/core/deadline.hpp"

namespace lintel::telemetry {

/// W3C Trace Context (https://www.w3.org/TR/trace-context/): which request, across processes, this work
/// belongs to.
class Trace {
public:
    /// A new trace with a new root span, sampled.
    static Trace start();

    /// The caller's trace, from its `traceparent`; a new one when the header is absent, malformed or
    /// all-zero.
    static Trace from_traceparent(std::string_view traceparent, std::string_view tracestate = {});

    /// The same trace with a new span id: for the next hop.
    Trace child() const;

    std::string traceparent() const;
    const std::string& tracestate() const noexcept { return tracestate_; }

    /// 32 lower-case hex digits.
    std::string trace_id() const;
    /// 16 lower-case hex digits.
    std::string span_id() const;
    bool is_sampled() const noexcept { return (flags_ & 1U) != 0; }

private:
    std::array<std::uint8_t, 16> trace_id_{};
    std::array<std::uint8_t, 8> span_id_{};
    std::uint8_t flags_ = 1;
    std::string tracestate_;
};

/// What travels with every piece of work: whose it is and how long anybody waits for it. Passed by value or
/// const reference down every call, never kept in a thread.
struct Context {
    Trace trace;
    core::Deadline deadline;

    /// The same work with at most `duration` for the next step.
    Context at_most(core::Deadline::Clock::duration duration) const
    {
        return {trace, deadline.at_most(duration)};
    }

    /// For work that starts here: a relay, a poll, a test.
    static Context start(core::Deadline::Clock::duration duration)
    {
        return {Trace::start(), core::Deadline::after(duration)};
    }
};

}  // namespace lintel::telemetry
