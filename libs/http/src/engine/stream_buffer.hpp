#pragma once

#include <coroutine>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

#include <boost/asio/io_context.hpp>

namespace lintel::http::engine {

/// What a streaming handler has produced and the connection has not sent yet. Thread-safe; owned by both.
class StreamBuffer {
public:
    StreamBuffer(boost::asio::io_context& context, std::size_t limit) : context_(context), limit_(limit) {}

    /// Producer: appends; false when the stream is closed.
    bool append(std::string_view chunk);
    /// Producer: true when `producer` will be resumed as soon as there is room; false when it may go on now.
    bool wait_for_room(std::coroutine_handle<> producer);
    /// Producer: the body ends, whole or cut.
    void finish(bool is_complete);
    bool is_open() const;

    enum class End { open, complete, cut };

    /// Connection: called, on any thread, when there is something new to take. Empty to be left alone.
    void notify(std::function<void()> on_data);
    /// Connection: moves everything into `out` and tells whether more will come.
    End take(std::string& out);
    /// Connection: nothing more is wanted; what is there may still be taken.
    void close();

private:
    void resume_producer(std::unique_lock<std::mutex>& lock);

    boost::asio::io_context& context_;
    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::string pending_;
    std::function<void()> on_data_;
    std::coroutine_handle<> producer_;
    End end_ = End::open;
    bool closed_ = false;
};

}  // namespace lintel::http::engine
