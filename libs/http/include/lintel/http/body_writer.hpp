#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "lintel/core/task.hpp"

namespace lintel::http {

namespace engine {
class StreamBuffer;
}

/// The sending end of a streamed response body, for example of server-sent events.
/// Used by one coroutine at a time. May outlive the connection and the server.
class BodyWriter {
public:
    explicit BodyWriter(std::shared_ptr<engine::StreamBuffer> buffer) noexcept;

    /// Hands `chunk` over and waits while more than Limits::stream_buffer_bytes are unsent.
    /// False when there is no use in writing more: the client has gone, reads too slowly, or the server is
    /// draining.
    core::Task<bool> write(std::string chunk);

    /// What write() would return, without writing: for producers that wait for something else in between.
    bool is_open() const noexcept;

private:
    std::shared_ptr<engine::StreamBuffer> buffer_;
};

}  // namespace lintel::http
