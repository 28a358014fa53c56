// What the kernel answers to a request: NLMSG_ERROR and NLMSG_DONE, with extended acknowledgement
// (NETLINK_EXT_ACK).
#pragma once
#include <optional>
#include <string_view>

#include "netlink/message.hpp"

namespace nlwatch::netlink {

// The end of an answer. A view, as the message it came from.
struct Ack {
    int error{};            // 0, or an errno as a positive number
    std::string_view text;  // NLMSGERR_ATTR_MSG: the kernel's own words, usually none
    std::optional<std::uint32_t>
        offset;  // NLMSGERR_ATTR_OFFS: of the attribute in the request that is at fault
};

// Reads an NLMSG_ERROR (error 0 = acknowledged) or an NLMSG_DONE (the end of a dump; the kernel puts the
// dump's error in it, such as -ENODEV for a link that vanished). Null if the message is neither, or too short
// to be either.
std::optional<Ack> acknowledgement(const Message&);

}  // namespace nlwatch::netlink
