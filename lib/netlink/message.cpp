#include "netlink/message.hpp"

#include <linux/netlink.h>

#include <algorithm>

namespace nlwatch::netlink {

bool Message::dump_interrupted() const { return (flags & NLM_F_DUMP_INTR) != 0; }

bool Message::answers(std::uint32_t wanted_sequence, std::uint32_t wanted_port_id) const {
    return sequence == wanted_sequence && port_id == wanted_port_id;
}

std::optional<Message> MessageReader::next() {
    if (broken_ || rest_.empty()) return std::nullopt;
    nlmsghdr header{};
    if (!copy(rest_, header) || header.nlmsg_len < sizeof header || header.nlmsg_len > rest_.size()) {
        broken_ = true;
        return std::nullopt;
    }
    Message message{header.nlmsg_type, header.nlmsg_flags, header.nlmsg_seq, header.nlmsg_pid,
                    rest_.subspan(sizeof header, header.nlmsg_len - sizeof header)};
    // The last message of a datagram need not be padded.
    rest_ = rest_.subspan(std::min(aligned(header.nlmsg_len), rest_.size()));
    return message;
}

}  // namespace nlwatch::netlink
