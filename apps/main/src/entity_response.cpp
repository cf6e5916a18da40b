#include "entity_response.hpp"

namespace lintel::main {

void mark_replay(http::Response& response, bool is_replay)
{
    if (is_replay) response.headers.add("Idempotency-Replayed", "true");
}

}  // namespace lintel::main
