#include "nats_handles.hpp"

#include <cstdlib>

#include "lintel/core/error.hpp"

namespace lintel::messaging {

void check(natsStatus status, const char* what)
{
    if (status == NATS_OK) return;
    throw core::Error(core::ErrorCode::unavailable,
                      std::string(what) + " failed: " + natsStatus_GetText(status));
}

std::string_view Incoming::reply() const noexcept
{
    const char* reply = natsMsg_GetReply(message_.get());
    return reply ? std::string_view(reply) : std::string_view();
}

std::string_view Incoming::payload() const noexcept
{
    const auto length = natsMsg_GetDataLength(message_.get());
    if (length <= 0) return {};
    return {natsMsg_GetData(message_.get()), static_cast<std::size_t>(length)};
}

Headers Incoming::headers() const
{
    Headers headers;
    const char** names = nullptr;
    int count = 0;
    if (natsMsgHeader_Keys(message_.get(), &names, &count) != NATS_OK) return headers;
    for (int i = 0; i < count; ++i) {
        const char** values = nullptr;
        int value_count = 0;
        if (natsMsgHeader_Values(message_.get(), names[i], &values, &value_count) != NATS_OK) continue;
        for (int j = 0; j < value_count; ++j)
            headers.emplace_back(names[i], values[j] ? values[j] : "");
        std::free(values);
    }
    std::free(names);
    return headers;
}

}  // namespace lintel::messaging
