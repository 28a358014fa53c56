"""Raw rtnetlink requests, for what iproute2 refuses to say (names of any bytes) or to send (forged messages)."""

import ctypes
import os
import socket
import struct

NETLINK_ROUTE = 0
NLMSG_ERROR = 2
RTM_NEWLINK, RTM_DELLINK = 16, 17
RTM_NEWLINKPROP = 108
NLM_F_REQUEST, NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_APPEND = 0x1, 0x4, 0x400, 0x200, 0x800
IFLA_IFNAME, IFLA_MTU, IFLA_LINKINFO, IFLA_IFALIAS = 3, 4, 18, 20
IFLA_PROP_LIST, IFLA_ALT_IFNAME = 52, 53
IFLA_INFO_KIND, IFLA_INFO_DATA = 1, 2
VETH_INFO_PEER = 1
NLA_F_NESTED = 0x8000
RTMGRP_LINK = 1
_SYS_PIDFD_GETFD = 438  # on every architecture but alpha


def attribute(kind, payload):
    """struct nlattr and its payload, padded to 4 bytes."""
    return struct.pack("=HH", 4 + len(payload), kind) + payload + bytes(-len(payload) % 4)


def ifinfomsg(ifindex=0, flags=0, change=0, family=0):
    return struct.pack("=BxHiII", family, 0, ifindex, flags, change)


def message(kind, flags, body, sequence=1, port=0):
    """struct nlmsghdr and the body."""
    return struct.pack("=IHHII", 16 + len(body), kind, flags, sequence, port) + body


class Requests:
    """A request socket of a namespace. Every method returns when the kernel has acknowledged, or raises OSError."""

    def __init__(self, namespace):
        self._socket = namespace.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
        self._socket.bind((0, 0))

    def add_veth(self, name, peer):
        """name, peer: bytes."""
        other = ifinfomsg() + attribute(IFLA_IFNAME, peer + b"\0")
        data = attribute(IFLA_INFO_DATA, attribute(VETH_INFO_PEER, other))
        info = attribute(IFLA_INFO_KIND, b"veth\0") + data
        self._send(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
                   ifinfomsg() + attribute(IFLA_IFNAME, name + b"\0") + attribute(IFLA_LINKINFO, info))

    def rename(self, ifindex, name):
        self._send(RTM_NEWLINK, 0, ifinfomsg(ifindex) + attribute(IFLA_IFNAME, name + b"\0"))

    def set_alias(self, ifindex, alias):
        self._send(RTM_NEWLINK, 0, ifinfomsg(ifindex) + attribute(IFLA_IFALIAS, alias))

    def add_altname(self, ifindex, altname):
        self.add_altnames(ifindex, [altname])

    def add_altnames(self, ifindex, altnames):
        names = b"".join(attribute(IFLA_ALT_IFNAME, altname + b"\0") for altname in altnames)
        self._send(RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND,
                   ifinfomsg(ifindex) + attribute(IFLA_PROP_LIST | NLA_F_NESTED, names))

    def close(self):
        self._socket.close()

    def _send(self, kind, flags, body):
        self._socket.send(message(kind, NLM_F_REQUEST | NLM_F_ACK | flags, body))
        answer = self._socket.recv(65536)
        answered, code = struct.unpack_from("=4xH10xi", answer)
        assert answered == NLMSG_ERROR, f"an answer of type {answered} where an acknowledgement was due"
        if code != 0:
            raise OSError(-code, os.strerror(-code))


def port_ids(namespace, pid):
    """The port ids of a process' rtnetlink sockets: where a forger would aim."""
    return [port for _, port, _ in _sockets(namespace, pid)]


def swallow_error(namespace, pid):
    """Takes the kernel's report of an overrun away from a process' events socket, as whoever asks for SO_ERROR does.

    Returns it: an errno."""
    number, = [fd for fd, _, groups in _sockets(namespace, pid) if groups]
    process = os.pidfd_open(pid)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        copy = libc.syscall(_SYS_PIDFD_GETFD, process, number, 0)
        if copy < 0:
            raise OSError(ctypes.get_errno(), "pidfd_getfd")
        with socket.socket(fileno=copy) as events:
            return events.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    finally:
        os.close(process)


def _sockets(namespace, pid):
    """Of a process' rtnetlink sockets: descriptor, port id, groups as a bit mask."""
    ours = {os.readlink(f"/proc/{pid}/fd/{fd}"): int(fd) for fd in os.listdir(f"/proc/{pid}/fd")}
    table = namespace.run("cat", "/proc/net/netlink").stdout.decode().splitlines()[1:]
    rows = [line.split() for line in table]
    return [(ours[f"socket:[{row[9]}]"], int(row[2]), int(row[3], 16)) for row in rows
            if int(row[1]) == NETLINK_ROUTE and f"socket:[{row[9]}]" in ours]
