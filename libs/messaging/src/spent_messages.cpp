#include "spent_messages.hpp"

#include <array>
#include <cstddef>

namespace lintel::messaging {
namespace {

class SpentMessages {
public:
    SpentMessages() = default;
    SpentMessages(const SpentMessages&) = delete;
    SpentMessages& operator=(const SpentMessages&) = delete;
    ~SpentMessages() { destroy_all(); }

    void add(natsMsg* message) noexcept
    {
        messages_[count_++] = message;
        bytes_ += natsMsg_GetDataLength(message);
        if (count_ == messages_.size() || bytes_ >= kBytesMax) destroy_all();
    }

private:
    static constexpr int kBytesMax = 64 * 1024;

    void destroy_all() noexcept
    {
        for (std::size_t i = 0; i < count_; ++i)
            natsMsg_Destroy(messages_[i]);
        count_ = 0;
        bytes_ = 0;
    }

    std::array<natsMsg*, 16> messages_{};
    std::size_t count_ = 0;
    int bytes_ = 0;
};

}  // namespace

void destroy_with_others(natsMsg* message) noexcept
{
    thread_local SpentMessages spent;
    spent.add(message);
}

}  // namespace lintel::messaging
