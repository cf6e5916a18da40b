#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lintel::testing {

/// A key of NATS's decentralised authentication (nkeys): Ed25519, written in base32 behind its kind.
class NatsKey {
public:
    enum class Kind : std::uint8_t { operators = 14 << 3, account = 0, user = 20 << 3 };

    explicit NatsKey(Kind kind);

    const std::string& public_key() const noexcept { return public_key_; }
    const std::string& seed() const noexcept { return seed_; }
    /// A JSON Web Token with these claims (an object's text), signed by this key.
    std::string token(std::string_view claims) const;

private:
    std::string public_key_;
    std::string seed_;
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, EVP_PKEY_free};
};

}  // namespace lintel::testing
