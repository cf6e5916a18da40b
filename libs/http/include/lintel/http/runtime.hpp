#pragma once

#include <memory>

#include "lintel/core/executor.hpp"
#include "lintel/http/limits.hpp"

namespace lintel::http {

namespace engine {
class Engine;
}

/// The process's threads, its io_context and the HTTP engine that every http_listener of the process runs on.
///
/// Make it first in `main`, before anything else uses cpprestsdk, whose thread pool it sizes; destroy it
/// last. There is one at a time. The threads themselves belong to cpprestsdk and stay until the process ends.
class Runtime {
public:
    /// Throws Error{internal} when another Runtime exists or cpprestsdk already runs with other threads.
    explicit Runtime(unsigned threads, const ProcessLimits& limits = {});
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    core::Executor& executor() noexcept;

    engine::Engine& engine() noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lintel::http
