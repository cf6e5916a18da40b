#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace lintel::load {

/// What one run does; see usage() for the flags.
struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
    unsigned connections = 64;
    std::chrono::milliseconds warmup{2000};
    std::chrono::milliseconds duration{8000};
    std::chrono::milliseconds timeout{10000};  ///< of one request; then the connection is replaced
    std::string create_path;                   ///< POST a new building there for every request
    std::string get_prefix;                    ///< or GET this followed by an id of ids_file
    std::string ids_file;                      ///< one id a line
    std::string run_name = "load";  ///< goes into the names, so that no two runs create the same body
};

/// Throws std::invalid_argument with a line for the user.
Options parse_options(int argc, char** argv);

const char* usage();

}  // namespace lintel::load
