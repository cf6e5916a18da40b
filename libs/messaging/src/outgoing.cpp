#include "outgoing.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "lintel/core/error.hpp"

namespace lintel::messaging {

using core::Error;
using core::ErrorCode;

namespace {

bool is_printable(std::string_view text) noexcept
{
    return std::ranges::all_of(text,
                               [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
}

bool is_subject(std::string_view text) noexcept
{
    return !text.empty() && is_printable(text) && text.find(' ') == std::string_view::npos;
}

}  // namespace

void check_sendable(const Outgoing& message)
{
    // Both go into a protocol of lines: a line break in one of them would be a command to the broker.
    if (!is_subject(message.subject))
        throw Error(ErrorCode::invalid, "'" + message.subject + "' is no NATS subject");
    for (const auto& [name, value] : message.headers) {
        if (!is_subject(name) || name.find(':') != std::string::npos || !is_printable(value))
            throw Error(ErrorCode::invalid,
                        "the header '" + name + "' has characters that NATS cannot carry");
    }
}

std::size_t Outgoing::size() const noexcept
{
    // What the broker counts against max_payload: the header block with its first line and the payload.
    constexpr std::size_t kFirstLineAndEnd = sizeof("NATS/1.0\r\n\r\n") - 1;
    constexpr std::size_t kSeparators = sizeof(": \r\n") - 1;
    std::size_t bytes = payload.size();
    if (!headers.empty()) bytes += kFirstLineAndEnd;
    for (const auto& [name, value] : headers)
        bytes += name.size() + value.size() + kSeparators;
    return bytes;
}

void OutgoingQueue::open(std::function<void()> on_first)
{
    std::lock_guard lock(mutex_);
    on_first_ = std::move(on_first);
}

std::vector<Outgoing> OutgoingQueue::close()
{
    std::function<void()> dropped;
    std::lock_guard lock(mutex_);
    dropped.swap(on_first_);
    bytes_ = 0;
    emptied_.notify_all();
    return std::exchange(messages_, {});
}

OutgoingQueue::Result OutgoingQueue::push(Outgoing message)
{
    std::lock_guard lock(mutex_);
    if (!on_first_) return Result::closed;
    const auto size = message.size();
    if (bytes_ + size > bytes_max_) return Result::full;
    bytes_ += size;
    messages_.push_back(std::move(message));
    if (messages_.size() == 1) on_first_();
    return Result::queued;
}

std::vector<Outgoing> OutgoingQueue::take()
{
    std::lock_guard lock(mutex_);
    bytes_ = 0;
    emptied_.notify_all();
    return std::exchange(messages_, {});
}

bool OutgoingQueue::wait_until_empty(core::Deadline deadline)
{
    std::unique_lock lock(mutex_);
    return emptied_.wait_until(lock, deadline.time(), [this] { return messages_.empty(); });
}

std::size_t OutgoingQueue::bytes() const
{
    std::lock_guard lock(mutex_);
    return bytes_;
}

}  // namespace lintel::messaging
