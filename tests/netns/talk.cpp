#include "netns/talk.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "netlink/ext_ack.hpp"

namespace nlwatch::test {

namespace {

ssize_t check(ssize_t result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

}  // namespace

Talk::Talk()
    : fd_(static_cast<int>(check(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket"))),
      buffer_(std::size_t{1} << 18) {
    const int on = 1;
    check(::setsockopt(fd_, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on), "NETLINK_GET_STRICT_CHK");
}

Talk::~Talk() { ::close(fd_); }

int Talk::ask(netlink::Request& request, const std::function<void(const netlink::Message&)>& row) {
    const netlink::Bytes bytes = request.bytes(++sequence_);
    check(::send(fd_, bytes.data(), bytes.size(), 0), "send");
    for (;;) {
        const auto length =
            static_cast<std::size_t>(check(::recv(fd_, buffer_.data(), buffer_.size(), MSG_TRUNC), "recv"));
        if (length > buffer_.size()) throw std::runtime_error("a datagram was cut");
        netlink::MessageReader reader{{buffer_.data(), length}};
        while (const auto message = reader.next()) {
            if (message->sequence != sequence_) continue;
            if (const auto end = netlink::acknowledgement(*message)) return end->error;
            if (row) row(*message);
        }
        if (reader.broken()) throw std::runtime_error("a datagram's framing is broken");
    }
}

}  // namespace nlwatch::test
