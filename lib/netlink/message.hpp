// Netlink messages in a datagram: struct nlmsghdr of <linux/netlink.h>, one behind the other.
#pragma once
#include <cstdint>
#include <optional>

#include "netlink/bytes.hpp"

namespace nlwatch::netlink {

// One message, header decoded. A view: valid until the next receive into the buffer that it was read from.
struct Message {
    std::uint16_t type{};      // nlmsg_type: NLMSG_ERROR, NLMSG_DONE, RTM_NEWLINK, …
    std::uint16_t flags{};     // nlmsg_flags: NLM_F_MULTI, NLM_F_DUMP_INTR, …
    std::uint32_t sequence{};  // nlmsg_seq of the request that it answers; of events: the requester's, no
                               // proof of anything
    std::uint32_t port_id{};  // nlmsg_pid: a port id, not a process id; anyone may write anything here (check
                              // the sender)
    Bytes payload;            // what follows the header, padding excluded

    bool dump_interrupted()
        const;  // NLM_F_DUMP_INTR: what is dumped changed meanwhile; may stand on any part
    bool answers(std::uint32_t sequence, std::uint32_t port_id) const;
};

// Walks the messages of one datagram. Ends at its end, or where the framing is broken (a length shorter than
// a header or longer than what is left): then broken() tells, and nothing behind that place can be trusted.
class MessageReader {
public:
    explicit MessageReader(Bytes datagram) : rest_(datagram) {}

    std::optional<Message> next();
    bool broken() const { return broken_; }

private:
    Bytes rest_;
    bool broken_ = false;
};

}  // namespace nlwatch::netlink
