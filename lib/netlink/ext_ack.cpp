#include "netlink/ext_ack.hpp"

#include <linux/netlink.h>

#include <algorithm>
#include <limits>

#include "netlink/attribute.hpp"

namespace nlwatch::netlink {

std::optional<Ack> acknowledgement(const Message& message) {
    std::int32_t error{};
    std::size_t behind{};
    if (message.type == NLMSG_ERROR) {
        // struct nlmsgerr: the error, the request's header, and its payload unless NLM_F_CAPPED.
        nlmsgerr answer{};
        if (!copy(message.payload, answer)) return std::nullopt;
        error = answer.error;
        behind = sizeof answer;
        if (!(message.flags & NLM_F_CAPPED) && answer.msg.nlmsg_len > sizeof answer.msg)
            behind += aligned(answer.msg.nlmsg_len - sizeof answer.msg);
    } else if (message.type == NLMSG_DONE) {
        if (!copy(message.payload, error)) return std::nullopt;
        behind = sizeof error;
    } else {
        return std::nullopt;
    }

    Ack ack;
    // The kernel's errors are negative; a positive number in a DONE is a dump's own business, not an error.
    if (error < 0) ack.error = -std::max(error, -std::numeric_limits<std::int32_t>::max());
    if (!(message.flags & NLM_F_ACK_TLVS) || behind > message.payload.size()) return ack;
    AttributeReader attributes{message.payload.subspan(behind)};
    while (auto attribute = attributes.next()) {
        if (attribute->type == NLMSGERR_ATTR_MSG) ack.text = attribute->text();
        if (attribute->type == NLMSGERR_ATTR_OFFS) attribute->read(ack.offset);
    }
    return ack;
}

}  // namespace nlwatch::netlink
