#include "kernel/event_socket.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "kernel/netlink_socket.hpp"

namespace nlwatch::kernel {

EventSocket::EventSocket(std::size_t receive_buffer) : fd_(open_netlink_socket()) {
    try {
        // The buffer before the membership: what is announced in between must find it as large as it will be.
        set_receive_buffer(receive_buffer);
        sockaddr_nl kernel{};
        kernel.nl_family = AF_NETLINK;
        if (::bind(fd_, reinterpret_cast<sockaddr*>(&kernel), sizeof kernel) < 0)
            throw_errno("cannot bind the netlink socket");
        if (::connect(fd_, reinterpret_cast<sockaddr*>(&kernel), sizeof kernel) < 0)
            throw_errno("cannot connect the netlink socket to the kernel");
        for (const int group : {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR})
            set_option(fd_, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group,
                       "cannot subscribe to the kernel's link and address events");
    } catch (...) {
        ::close(fd_);
        throw;
    }
    buffers_.reset(
        new std::byte[batch * buffer_bytes_]);  // left untouched: pages that no datagram needs cost nothing
    datagrams_.reserve(batch);
}

EventSocket::~EventSocket() { ::close(fd_); }

EventSocket::Received EventSocket::receive() {
    datagrams_.clear();
    std::array<mmsghdr, batch> messages{};
    std::array<iovec, batch> places{};
    std::array<sockaddr_nl, batch> senders{};
    for (std::size_t i = 0; i < batch; ++i) {
        places[i] = {buffers_.get() + i * buffer_bytes_, buffer_bytes_};
        messages[i].msg_hdr.msg_name = &senders[i];
        messages[i].msg_hdr.msg_namelen = sizeof senders[i];
        messages[i].msg_hdr.msg_iov = &places[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int count;
    do count = ::recvmmsg(fd_, messages.data(), batch, MSG_DONTWAIT | MSG_TRUNC, nullptr);
    while (count < 0 && errno == EINTR);
    if (count < 0) {
        const bool empty = errno == EAGAIN || errno == EWOULDBLOCK;
        return {datagrams_, empty ? 0 : errno, empty};
    }

    std::size_t longest = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const std::size_t length = messages[i].msg_len;
        const bool truncated = (messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
        longest = std::max(longest, length);
        datagrams_.push_back({{buffers_.get() + i * buffer_bytes_, std::min(length, buffer_bytes_)},
                              truncated,
                              senders[i].nl_pid});
    }
    if (longest > buffer_bytes_) {
        // What was truncated is lost, and a loss needs nothing of this batch: give it up with its buffer.
        for (Datagram& datagram : datagrams_) datagram = {{}, true, datagram.sender};
        buffer_bytes_ = netlink::aligned(longest * 2);
        buffers_.reset(new std::byte[batch * buffer_bytes_]);
    }
    // A short count means that EAGAIN ended the batch, or an error that the kernel keeps for the next call.
    return {datagrams_, 0, false};
}

std::uint32_t EventSocket::drops() const {
    std::uint32_t info[SK_MEMINFO_VARS]{};
    socklen_t length = sizeof info;
    if (::getsockopt(fd_, SOL_SOCKET, SO_MEMINFO, info, &length) < 0)
        throw_errno("cannot read the socket's drop counter");
    return info[SK_MEMINFO_DROPS];
}

std::size_t EventSocket::receive_buffer() const {
    int bytes{};
    socklen_t length = sizeof bytes;
    if (::getsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, &length) < 0)
        throw_errno("cannot read the receive buffer's size");
    return static_cast<std::size_t>(bytes);
}

std::size_t EventSocket::set_receive_buffer(std::size_t bytes) {
    const int half = static_cast<int>(std::min<std::size_t>(bytes / 2, INT32_MAX / 2));
    if (::setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &half, sizeof half) < 0)
        set_option(fd_, SOL_SOCKET, SO_RCVBUF, half, "cannot set the receive buffer's size");
    return receive_buffer();
}

}  // namespace nlwatch::kernel
