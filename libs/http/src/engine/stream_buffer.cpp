#include "engine/stream_buffer.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace lintel::http::engine {

bool StreamBuffer::append(std::string_view chunk)
{
    std::function<void()> on_data;
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return false;
        // The connection takes everything at once, so only the first piece has to wake it.
        if (pending_.empty()) on_data = on_data_;
        pending_.append(chunk);
    }
    if (on_data) on_data();
    return true;
}

bool StreamBuffer::wait_for_room(std::coroutine_handle<> producer)
{
    const std::lock_guard lock(mutex_);
    if (closed_ || pending_.size() <= limit_) return false;
    producer_ = producer;
    return true;
}

void StreamBuffer::finish(bool is_complete)
{
    std::function<void()> on_data;
    {
        const std::lock_guard lock(mutex_);
        end_ = is_complete ? End::complete : End::cut;
        on_data = std::move(on_data_);
        on_data_ = nullptr;
    }
    if (on_data) on_data();
}

bool StreamBuffer::is_open() const
{
    const std::lock_guard lock(mutex_);
    return !closed_;
}

void StreamBuffer::notify(std::function<void()> on_data)
{
    // What is replaced may hold the last reference to its connection: it must not go under the lock.
    const std::lock_guard lock(mutex_);
    on_data_.swap(on_data);
}

StreamBuffer::End StreamBuffer::take(std::string& out)
{
    std::unique_lock lock(mutex_);
    out = std::exchange(pending_, {});
    const End end = end_;
    resume_producer(lock);
    return end;
}

void StreamBuffer::close()
{
    std::unique_lock lock(mutex_);
    closed_ = true;
    resume_producer(lock);
}

void StreamBuffer::resume_producer(std::unique_lock<std::mutex>& lock)
{
    auto producer = std::exchange(producer_, nullptr);
    lock.unlock();
    // Never in place: the caller is the connection, which must not run a handler in the middle of its own
    // work.
    if (producer) boost::asio::post(context_, [producer] { producer.resume(); });
}

}  // namespace lintel::http::engine
