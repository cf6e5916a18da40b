#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "options.hpp"

namespace lintel::load {

/// Writes the requests of a run, each different from all before it.
class Workload {
public:
    /// Reads the file of ids. Throws std::runtime_error when it is missing or empty.
    explicit Workload(const Options& options);

    /// Replaces `out` by the next request: head and body.
    void next(std::string& out);

private:
    void create(std::string& out);
    void get(std::string& out);

    const Options& options_;
    std::vector<std::string> ids_;
    std::string body_;
    std::uint64_t count_ = 0;
};

}  // namespace lintel::load
