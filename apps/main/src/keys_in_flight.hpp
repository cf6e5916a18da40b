#pragma once

#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>

namespace lintel::main {

/// The Idempotency-Keys whose first request is being carried out by this process. Thread-safe; outlives its
/// claims.
class KeysInFlight {
public:
    /// Gives the key free when it is destroyed.
    class Claim {
    public:
        Claim(Claim&& other) noexcept
            : keys_(std::exchange(other.keys_, nullptr)), key_(std::move(other.key_))
        {
        }
        Claim& operator=(Claim&&) = delete;
        Claim(const Claim&) = delete;
        Claim& operator=(const Claim&) = delete;
        ~Claim();

    private:
        friend class KeysInFlight;
        Claim(KeysInFlight& keys, std::string key) : keys_(&keys), key_(std::move(key)) {}

        KeysInFlight* keys_;
        std::string key_;
    };

    /// Throws core::Error{conflict} while another request with that key is being carried out. An empty key is
    /// always free.
    Claim claim(const std::string& key);

private:
    std::mutex mutex_;
    std::unordered_set<std::string> keys_;
};

}  // namespace lintel::main
