#pragma once

#include <nats/nats.h>

namespace lintel::messaging {

/// natsMsg_Destroy for messages by the thousand. nats.c frees none itself: it puts each on a list and wakes a
/// thread for it, which costs a small request and its answer more than all else that is done with them. So
/// every thread keeps what it is done with, up to 16 messages or 64 KiB of payload, and hands it over at
/// once; the rest when it ends.
void destroy_with_others(natsMsg* message) noexcept;

}  // namespace lintel::messaging
