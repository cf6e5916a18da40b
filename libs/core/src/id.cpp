#include "lintel/core/id.hpp"

#include <sys/random.h>

#include <boost/uuid/name_generator_sha1.hpp>
#include <cstring>
#include <system_error>

#include "lintel/core/time.hpp"

namespace lintel::core {
namespace {

constexpr std::size_t kTextLength = 36;

constexpr bool is_hyphen_position(std::size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

constexpr int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Random bytes from the kernel, drawn in blocks because a system call for each id would be felt.
class RandomBlock {
public:
    std::uint8_t next()
    {
        if (used_ == block_.size()) refill();
        return block_[used_++];
    }

private:
    void refill()
    {
        if (getrandom(block_.data(), block_.size(), 0) != static_cast<ssize_t>(block_.size()))
            throw std::system_error(errno, std::system_category(), "getrandom");
        used_ = 0;
    }

    std::array<std::uint8_t, 256> block_{};
    std::size_t used_ = block_.size();
};

/// Time and a counter that starts anew, at a random value, with each millisecond (RFC 9562, 6.2, method 1).
/// When the counter of a millisecond is used up, or the clock steps back, the last millisecond is carried on.
struct Sequence {
    std::uint64_t millisecond = 0;
    std::uint16_t counter = 0;

    void advance(std::uint64_t now_ms, RandomBlock& random)
    {
        if (now_ms > millisecond) {
            millisecond = now_ms;
            counter = random.next();
        } else if (++counter > 0xfff) {
            ++millisecond;
            counter = 0;
        }
    }
};

}  // namespace

Id Id::generate()
{
    thread_local RandomBlock random;
    thread_local Sequence sequence;
    sequence.advance(static_cast<std::uint64_t>(now().time_since_epoch().count()), random);

    Id id;
    for (std::size_t i = 0; i < 6; ++i)
        id.bytes_[i] = static_cast<std::uint8_t>(sequence.millisecond >> (40 - 8 * i));
    id.bytes_[6] = static_cast<std::uint8_t>(0x70 | (sequence.counter >> 8));
    id.bytes_[7] = static_cast<std::uint8_t>(sequence.counter);
    for (std::size_t i = 8; i < 16; ++i)
        id.bytes_[i] = random.next();
    id.bytes_[8] = static_cast<std::uint8_t>(0x80 | (id.bytes_[8] & 0x3f));
    return id;
}

Id Id::derive(const Id& parent, std::string_view purpose)
{
    boost::uuids::uuid name_space{};
    std::memcpy(name_space.data, parent.bytes_.data(), parent.bytes_.size());
    const auto derived = boost::uuids::name_generator_sha1(name_space)(purpose.data(), purpose.size());
    Id id;
    std::memcpy(id.bytes_.data(), derived.data, id.bytes_.size());
    return id;
}

std::optional<Id> Id::parse(std::string_view text) noexcept
{
    if (text.size() != kTextLength) return std::nullopt;
    Id id;
    std::size_t digit = 0;
    for (std::size_t at = 0; at < kTextLength; ++at) {
        if (is_hyphen_position(at)) {
            if (text[at] != '-') return std::nullopt;
            continue;
        }
        const int value = hex_value(text[at]);
        if (value < 0) return std::nullopt;
        auto& byte = id.bytes_[digit / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
        ++digit;
    }
    return id;
}

std::string Id::to_string() const
{
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text(kTextLength, '-');
    std::size_t digit = 0;
    for (std::size_t at = 0; at < kTextLength; ++at) {
        if (is_hyphen_position(at)) continue;
        const auto byte = bytes_[digit / 2];
        text[at] = kDigits[digit % 2 == 0 ? byte >> 4 : byte & 0xf];
        ++digit;
    }
    return text;
}

}  // namespace lintel::core

std::size_t std::hash<lintel::core::Id>::operator()(const lintel::core::Id& id) const noexcept
{
    // The last eight bytes of every version are random or a digest.
    std::size_t value = 0;
    std::memcpy(&value, id.bytes().data() + 8, sizeof value);
    return value;
}
