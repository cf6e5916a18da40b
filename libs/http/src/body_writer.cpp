#include "lintel/http/body_writer.hpp"

#include <coroutine>
#include <utility>

#include "engine/stream_buffer.hpp"

namespace lintel::http {

BodyWriter::BodyWriter(std::shared_ptr<engine::StreamBuffer> buffer) noexcept : buffer_(std::move(buffer))
{
}

core::Task<bool> BodyWriter::write(std::string chunk)
{
    struct Room {
        engine::StreamBuffer& buffer;
        bool await_ready() const noexcept { return false; }
        bool await_suspend(std::coroutine_handle<> producer) const { return buffer.wait_for_room(producer); }
        void await_resume() const noexcept {}
    };
    const auto buffer = buffer_;
    // An empty chunk would end a chunked body.
    if (!chunk.empty() && !buffer->append(chunk)) co_return false;
    Room room{*buffer};
    co_await room;
    co_return buffer->is_open();
}

bool BodyWriter::is_open() const noexcept
{
    return buffer_->is_open();
}

}  // namespace lintel::http
