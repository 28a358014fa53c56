// Netlink attributes: struct nlattr of <linux/netlink.h>, type-length-value, nested at will.
#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

#include "netlink/bytes.hpp"

namespace nlwatch::netlink {

// One attribute. A view, as the message it came from. Each read() is false, and leaves its target untouched,
// where the payload is shorter than what is asked for: the caller's message is malformed. A longer payload is
// a newer kernel's larger structure, whose beginning means what it always did.
struct Attribute {
    std::uint16_t type{};  // without NLA_F_NESTED and NLA_F_NET_BYTEORDER
    Bytes payload;         // padding excluded

    template <std::integral T>
    bool read(T& number) const {  // host byte order
        return copy(payload, number);
    }
    template <std::integral T>
    bool read(std::optional<T>& number) const {
        T value{};
        if (!copy(payload, value)) return false;
        number = value;
        return true;
    }
    template <std::unsigned_integral T>
    bool read_big_endian(T& number) const {  // network byte order, such as ports and VLAN protocols
        std::uint64_t value{};
        if (payload.size() < sizeof(T)) return false;
        for (std::byte byte : payload.first(sizeof(T))) value = value << 8 | std::to_integer<T>(byte);
        number = static_cast<T>(value);
        return true;
    }
    bool read(bool& flag) const {  // a u8 that the kernel uses as a truth value
        std::uint8_t value{};
        if (!copy(payload, value)) return false;
        flag = value != 0;
        return true;
    }
    bool read(std::optional<bool>& flag) const {
        bool value{};
        if (!read(value)) return false;
        flag = value;
        return true;
    }

    // Text up to the first NUL. Any bytes: interface names and aliases are not bound to UTF-8.
    std::string_view text() const;
};

// Walks attributes. Ends at the end, or where a length is impossible: then broken() tells, and the message is
// malformed. Unknown types are the caller's to skip; their order means nothing.
class AttributeReader {
public:
    explicit AttributeReader(Bytes attributes) : rest_(attributes) {}
    explicit AttributeReader(const Attribute& nest) : rest_(nest.payload) {}

    std::optional<Attribute> next();
    bool broken() const { return broken_; }

private:
    Bytes rest_;
    bool broken_ = false;
};

}  // namespace nlwatch::netlink
