#include "nats_key.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace lintel::testing {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::uint8_t kSeed = 18 << 3;

using Bytes = std::basic_string<unsigned char>;

void require(bool ok, const char* what)
{
    if (!ok) throw std::runtime_error(std::string("OpenSSL cannot ") + what);
}

/// The bits of `bytes` in groups, each a letter of `alphabet`; without padding.
std::string in_groups_of(unsigned bits, std::string_view alphabet, const Bytes& bytes)
{
    std::string text;
    std::uint32_t held = 0;
    unsigned count = 0;
    const auto mask = (1U << bits) - 1;
    for (const unsigned char byte : bytes) {
        held = (held << 8) | byte;
        for (count += 8; count >= bits; count -= bits)
            text += alphabet[(held >> (count - bits)) & mask];
    }
    if (count > 0) text += alphabet[(held << (bits - count)) & mask];
    return text;
}

std::string base32(const Bytes& bytes)
{
    return in_groups_of(5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bytes);
}

std::string base64url(const Bytes& bytes)
{
    return in_groups_of(6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bytes);
}

std::string base64url(std::string_view text)
{
    return base64url(Bytes(text.begin(), text.end()));
}

/// CRC-16/XMODEM.
std::uint16_t checksum(const Bytes& bytes)
{
    std::uint32_t sum = 0;
    for (const unsigned char byte : bytes) {
        sum ^= static_cast<std::uint32_t>(byte) << 8;
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum & 0x8000U) != 0 ? (sum << 1) ^ 0x1021U : sum << 1;
    }
    return static_cast<std::uint16_t>(sum);
}

std::string checked(Bytes bytes)
{
    const auto sum = checksum(bytes);
    bytes += static_cast<unsigned char>(sum & 0xFFU);
    bytes += static_cast<unsigned char>(sum >> 8);
    return base32(bytes);
}

}  // namespace

NatsKey::NatsKey(Kind kind)
{
    std::array<unsigned char, kKeyBytes> secret{};
    require(RAND_bytes(secret.data(), static_cast<int>(secret.size())) == 1, "make random bytes");
    key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()));
    require(key_ != nullptr, "make an Ed25519 key");
    std::array<unsigned char, kKeyBytes> open{};
    std::size_t size = open.size();
    require(EVP_PKEY_get_raw_public_key(key_.get(), open.data(), &size) == 1, "tell a public key");

    const auto prefix = static_cast<unsigned char>(kind);
    public_key_ = checked(Bytes(1, prefix) + Bytes(open.begin(), open.end()));
    const Bytes prefixes{static_cast<unsigned char>(kSeed | (prefix >> 5)),
                         static_cast<unsigned char>((prefix & 31U) << 3)};
    seed_ = checked(prefixes + Bytes(secret.begin(), secret.end()));
}

std::string NatsKey::token(std::string_view claims) const
{
    const auto text = base64url(R"({"typ":"JWT","alg":"ed25519-nkey"})") + "." + base64url(claims);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    require(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1, "begin to sign");
    const Bytes message(text.begin(), text.end());
    Bytes signature(64, 0);
    std::size_t size = signature.size();
    require(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1,
            "sign");
    return text + "." + base64url(signature);
}

}  // namespace lintel::testing
