// Builds one netlink request, attribute by attribute.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "netlink/bytes.hpp"

namespace nlwatch::netlink {

class Request {
public:
    // `flags` are added to NLM_F_REQUEST; NLM_F_DUMP asks for everything.
    Request(std::uint16_t type, std::uint16_t flags);

    // The fixed part of the message, such as struct ifinfomsg; before any attribute.
    template <class T>
    requires std::is_trivially_copyable_v<T> Request& body(const T& fixed) {
        append(std::as_bytes(std::span{&fixed, 1}));
        return *this;
    }
    template <class T>
    requires std::is_trivially_copyable_v<T> Request& attribute(std::uint16_t type, const T& value) {
        return attribute(type, std::as_bytes(std::span{&value, 1}));
    }
    Request& attribute(std::uint16_t type, Bytes payload);
    Request& text(std::uint16_t type, std::string_view value);  // with the NUL that the kernel wants
    Request& nest(std::uint16_t type);                          // what follows goes inside, until end()
    Request& end();

    // The finished message: valid until this object changes or goes. `port_id` 0 = the kernel takes the
    // sender's.
    Bytes bytes(std::uint32_t sequence, std::uint32_t port_id = 0);

private:
    void append(Bytes);

    std::vector<std::byte> buffer_;
    std::vector<std::size_t> nests_;  // where the open nests begin
};

}  // namespace nlwatch::netlink
