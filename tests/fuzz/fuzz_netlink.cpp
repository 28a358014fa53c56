// Any bytes as a datagram: framing, acknowledgements, attributes at every depth. What is handed out lies
// inside the input.
#include <linux/netlink.h>

#include <cstdint>
#include <cstdlib>

#include "netlink/attribute.hpp"
#include "netlink/ext_ack.hpp"
#include "netlink/message.hpp"

namespace {

using namespace nlwatch::netlink;

void require(bool holds) {
    if (!holds) std::abort();
}

bool inside(Bytes part, Bytes whole) {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Every payload may be a nest: there is no knowing from outside.
void walk(Bytes attributes, int depth) {
    std::size_t used = 0;
    AttributeReader reader{attributes};
    while (const auto attribute = reader.next()) {
        require(inside(attribute->payload, attributes));
        require((attribute->type & (NLA_F_NESTED | NLA_F_NET_BYTEORDER)) == 0);
        require(attribute->text().size() <= attribute->payload.size());
        used += sizeof(nlattr) + attribute->payload.size();
        if (depth > 0) walk(attribute->payload, depth - 1);
    }
    require(used <= attributes.size());
    require(!reader.next());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes datagram = std::as_bytes(std::span{data, size});
    std::size_t used = 0;
    MessageReader reader{datagram};
    while (const auto message = reader.next()) {
        require(inside(message->payload, datagram));
        used += sizeof(nlmsghdr) + message->payload.size();
        require(message->answers(message->sequence, message->port_id));
        require(!message->answers(message->sequence + 1, message->port_id));
        require(!message->answers(message->sequence, message->port_id + 1));
        require(message->dump_interrupted() == ((message->flags & NLM_F_DUMP_INTR) != 0));
        if (const auto ack = acknowledgement(*message))
            require(inside(std::as_bytes(std::span{ack->text}), message->payload));
        for (const std::size_t fixed : {0U, 8U, 16U})  // struct ifaddrmsg, struct ifinfomsg
            if (fixed <= message->payload.size()) walk(message->payload.subspan(fixed), 3);
    }
    require(used <= size);
    require(!reader.next());
    return 0;
}
