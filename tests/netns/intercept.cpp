#include "netns/intercept.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "netlink/message.hpp"

extern "C" {
// The linker's names for what it wraps, and for the wrappers.
// NOLINTBEGIN(bugprone-reserved-identifier)
ssize_t __real_send(int, const void*, std::size_t, int);
ssize_t __real_recv(int, void*, std::size_t, int);
int __real_recvmmsg(int, mmsghdr*, unsigned, int, timespec*);
ssize_t __wrap_send(int, const void*, std::size_t, int);
ssize_t __wrap_recv(int, void*, std::size_t, int);
int __wrap_recvmmsg(int, mmsghdr*, unsigned, int, timespec*);
// NOLINTEND(bugprone-reserved-identifier)
}

namespace nlwatch::test {
namespace {

// Of the thread that runs the follower; others only change things.
const std::function<void(const Moment&)>* during_dumps = nullptr;
std::optional<Moment> dump;  // the one that runs on the follower's request socket
std::size_t longest_read = SIZE_MAX;
std::optional<std::vector<std::byte>> put;
int events = -1;

std::optional<Moment> asked_for(netlink::Bytes request) {
    const auto message = netlink::MessageReader{request}.next();
    if (!message || !(message->flags & NLM_F_DUMP)) return std::nullopt;
    if (message->type == RTM_GETLINK) return Moment{.part = {rtnl::Kind::link, 0, 0}};
    ifaddrmsg header{};
    netlink::copy(message->payload, header);
    return Moment{.part = {rtnl::Kind::address, header.ifa_family, header.ifa_index}};
}

std::size_t rows_in(netlink::Bytes datagram) {
    std::size_t rows = 0;
    netlink::MessageReader reader{datagram};
    while (const auto message = reader.next())
        rows += message->type == RTM_NEWLINK || message->type == RTM_NEWADDR;
    return rows;
}

}  // namespace

DuringDumps::DuringDumps(std::function<void(const Moment&)> act) : act_(std::move(act)) {
    during_dumps = &act_;
}
DuringDumps::~DuringDumps() { during_dumps = nullptr; }

SmallReads::SmallReads(std::size_t bytes) { longest_read = bytes; }
SmallReads::~SmallReads() { longest_read = SIZE_MAX; }

void put_among_events(std::vector<std::byte> datagram) { put = std::move(datagram); }

int events_descriptor() { return events; }

}  // namespace nlwatch::test

using namespace nlwatch::test;

// Only the follower sends and reads without waiting: the tests' own talk with the kernel passes.
ssize_t __wrap_send(int fd, const void* bytes, std::size_t length, int flags) {
    if (flags & MSG_DONTWAIT) dump = asked_for({static_cast<const std::byte*>(bytes), length});
    return __real_send(fd, bytes, length, flags);
}

ssize_t __wrap_recv(int fd, void* bytes, std::size_t length, int flags) {
    if (!(flags & MSG_DONTWAIT) || !dump) return __real_recv(fd, bytes, length, flags);
    if (during_dumps) (*during_dumps)(*dump);
    const ssize_t result = __real_recv(fd, bytes, length, flags);
    if (result > 0) {
        ++dump->datagram;
        dump->rows += rows_in(
            {static_cast<const std::byte*>(bytes), std::min(static_cast<std::size_t>(result), length)});
    }
    return result;
}

int __wrap_recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
    events = fd;
    if (put && count > 0) {
        msghdr& first = messages[0].msg_hdr;
        const std::vector<std::byte> datagram = *std::exchange(put, std::nullopt);
        const std::size_t length = std::min(datagram.size(), first.msg_iov->iov_len);
        std::memcpy(first.msg_iov->iov_base, datagram.data(), length);
        *static_cast<sockaddr_nl*>(first.msg_name) = {
            .nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 1};
        first.msg_flags = 0;
        messages[0].msg_len = static_cast<unsigned>(length);
        return 1;
    }
    for (unsigned i = 0; i < count; ++i) {
        iovec& place = *messages[i].msg_hdr.msg_iov;
        place.iov_len = std::min(place.iov_len, longest_read);
    }
    return __real_recvmmsg(fd, messages, count, flags, timeout);
}
