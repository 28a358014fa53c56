// The socket on which the kernel announces changes of links and addresses: multicast only, never asked
// anything.
#pragma once
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "netlink/bytes.hpp"

namespace nlwatch::kernel {

// Not a general netlink socket: subscribed to RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR and RTNLGRP_IPV6_IFADDR,
// connected to the kernel (port id 0), so that the kernel refuses what other processes send to its port id.
class EventSocket {
public:
    // `receive_buffer` and all sizes here are bytes as getsockopt(SO_RCVBUF) reports them, which is what
    // counts against the queue; the kernel doubles what setsockopt is given. Throws std::system_error that
    // says which step failed.
    explicit EventSocket(std::size_t receive_buffer);
    ~EventSocket();
    EventSocket(const EventSocket&) = delete;
    EventSocket& operator=(const EventSocket&) = delete;

    int descriptor() const { return fd_; }

    struct Datagram {
        netlink::Bytes bytes;    // valid until the next receive()
        bool truncated{};        // MSG_TRUNC: `bytes` is not all of it; the next such datagram will fit
        std::uint32_t sender{};  // port id; 0 = the kernel. Anything else is forged
    };
    struct Received {
        const std::vector<Datagram>& datagrams;
        // An errno that is not EAGAIN or EINTR, told before what is still queued; 0 = none. ENOBUFS is an
        // overrun, any other a loss as well.
        int error{};
        bool empty{};  // the queue was seen empty behind these datagrams
    };
    // Reads what is there, up to a batch; never blocks.
    Received receive();

    // SO_MEMINFO's SK_MEMINFO_DROPS: messages that the kernel has dropped here. Wraps.
    std::uint32_t drops() const;
    std::size_t receive_buffer() const;  // what the kernel has granted
    // Asks for a buffer of this size: beyond net.core.rmem_max where CAP_NET_ADMIN allows, else as far as
    // that. Returns what was granted.
    std::size_t set_receive_buffer(std::size_t bytes);

private:
    static constexpr std::size_t batch = 32;

    int fd_ = -1;
    // A message can be longer than any dump's: 66,968 bytes of one link event were seen (496 altnames).
    std::size_t buffer_bytes_ = 128 * 1024;
    std::unique_ptr<std::byte[]> buffers_;
    std::vector<Datagram> datagrams_;
};

}  // namespace nlwatch::kernel
