#include "keys_in_flight.hpp"

#include "lintel/core/error.hpp"

namespace lintel::main {

KeysInFlight::Claim::~Claim()
{
    if (!keys_ || key_.empty()) return;
    std::lock_guard lock(keys_->mutex_);
    keys_->keys_.erase(key_);
}

KeysInFlight::Claim KeysInFlight::claim(const std::string& key)
{
    if (!key.empty()) {
        std::lock_guard lock(mutex_);
        if (!keys_.insert(key).second)
            throw core::Error(
                core::ErrorCode::conflict,
                "a request with this Idempotency-Key is still being carried out; send it again shortly")
                .with_retry_after(std::chrono::seconds(1));
    }
    return Claim(*this, key);
}

}  // namespace lintel::main
