#pragma once

#include <chrono>
#include <string>

namespace lintel::load {

/// What is asked of the program.
struct Options {
    std::string nats_url;
    std::string definition;
    /// Of the steps: request, emit, sleep or signal.
    std::string kind;
    int steps = 3;
    /// Workflows under way at a time; when only starts are counted, starts.
    int in_flight = 64;
    /// Workflows a second, whatever becomes of those before; 0 starts one whenever one has ended.
    double rate = 0;
    std::chrono::milliseconds warmup{0};
    /// Of the window; 0 starts `count` workflows and waits for no end.
    std::chrono::milliseconds duration{0};
    int count = 0;
    std::chrono::milliseconds step_time{0};
    /// The time that sleeping steps wait for, RFC 3339.
    std::string until;
    /// A file that gets a line for each request: microseconds since 1970, workflow, step.
    std::string step_log;
};

/// Throws cxxopts' exceptions for what cannot be read.
Options parse_options(int argc, char** argv);

/// The document of the definition whose workflows are started.
std::string definition_document(const Options& options);

/// Where the definition's steps send their requests.
inline constexpr auto kStepSubject = "bench.step";

}  // namespace lintel::load
