"""The rtnetlink requests of the churn, as bytes. Nobody waits for their answers, so that many go out at once."""

import socket
import struct

from support.rtnetlink import (IFLA_ALT_IFNAME, IFLA_IFALIAS, IFLA_IFNAME, IFLA_INFO_DATA, IFLA_INFO_KIND,
                               IFLA_LINKINFO, IFLA_MTU, IFLA_PROP_LIST, NLA_F_NESTED, NLM_F_APPEND, NLM_F_CREATE,
                               NLM_F_EXCL, NLM_F_REQUEST, RTM_DELLINK, RTM_NEWLINK, RTM_NEWLINKPROP, VETH_INFO_PEER,
                               attribute, ifinfomsg, message)

RTM_GETLINK = 18
RTM_NEWADDR, RTM_DELADDR = 20, 21
RTM_DELLINKPROP = 109
NLM_F_REPLACE = 0x100
IFLA_ADDRESS, IFLA_LINK, IFLA_MASTER, IFLA_TXQLEN, IFLA_NET_NS_FD = 1, 5, 10, 13, 28
IFLA_VXLAN_ID, IFLA_VXLAN_LINK, IFLA_VXLAN_PORT = 1, 3, 15
IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE = 1, 4
IFA_ADDRESS, IFA_LOCAL, IFA_LABEL, IFA_BROADCAST, IFA_CACHEINFO, IFA_FLAGS = 1, 2, 3, 4, 6, 8
IFF_UP, IFF_NOARP, IFF_MULTICAST = 0x1, 0x80, 0x1000
IFA_F_NODAD = 0x02


def u32(value):
    return struct.pack("=I", value)


def link(attributes=b"", index=0, flags=0, change=0, kind=RTM_NEWLINK, how=0):
    return message(kind, NLM_F_REQUEST | how, ifinfomsg(index, flags, change) + attributes)


def name(text):
    return attribute(IFLA_IFNAME, text.encode() + b"\0")


def mtu(value):
    return attribute(IFLA_MTU, u32(value))


def master(index):
    """0: out of it."""
    return attribute(IFLA_MASTER, u32(index))


def mac(six):
    return attribute(IFLA_ADDRESS, six)


def alias(text):
    return attribute(IFLA_IFALIAS, text.encode())


def queue_length(packets):
    return attribute(IFLA_TXQLEN, u32(packets))


def into_namespace(descriptor):
    return attribute(IFLA_NET_NS_FD, u32(descriptor))


def _new(index, ifname, kind, data=b"", more=b""):
    info = attribute(IFLA_INFO_KIND, kind + b"\0") + (attribute(IFLA_INFO_DATA, data) if data else b"")
    return link(name(ifname) + more + attribute(IFLA_LINKINFO, info), index, how=NLM_F_CREATE | NLM_F_EXCL)


def new_veth(index, ifname, peer_index, peer_name):
    return _new(index, ifname, b"veth", attribute(VETH_INFO_PEER, ifinfomsg(peer_index) + name(peer_name)))


def new_bridge(index, ifname):
    return _new(index, ifname, b"bridge")


def new_ifb(index, ifname):
    return _new(index, ifname, b"ifb")


def new_macvlan(index, ifname, lower):
    mode = attribute(IFLA_MACVLAN_MODE, u32(MACVLAN_MODE_BRIDGE))
    return _new(index, ifname, b"macvlan", mode, attribute(IFLA_LINK, u32(lower)))


def new_vxlan(index, ifname, lower, number):
    data = attribute(IFLA_VXLAN_ID, u32(number)) + attribute(IFLA_VXLAN_PORT, struct.pack(">H", 4789))
    return _new(index, ifname, b"vxlan", data + (attribute(IFLA_VXLAN_LINK, u32(lower)) if lower else b""))


def delete_link(index):
    return link(index=index, kind=RTM_DELLINK)


def ask_for_link(index):
    return link(index=index, kind=RTM_GETLINK)


def altname(index, text, there):
    names = attribute(IFLA_PROP_LIST | NLA_F_NESTED, attribute(IFLA_ALT_IFNAME, text.encode() + b"\0"))
    if there:
        return link(names, index, kind=RTM_NEWLINKPROP, how=NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND)
    return link(names, index, kind=RTM_DELLINKPROP)


class Address:
    """local, peer: text. A peer that is not said is the local address itself."""

    def __init__(self, index, local, length, peer=None):
        self.index, self.length = index, length
        self.family = socket.AF_INET6 if ":" in local else socket.AF_INET
        self.local = socket.inet_pton(self.family, local)
        self.peer = socket.inet_pton(self.family, peer) if peer else self.local

    def new(self, replace=False, label=None, lifetimes=None, nodad=False, broadcast=None):
        """lifetimes: seconds that it is preferred and valid."""
        more = b""
        if label:
            more += attribute(IFA_LABEL, label.encode() + b"\0")
        if broadcast:
            more += attribute(IFA_BROADCAST, socket.inet_pton(self.family, broadcast))
        if lifetimes:
            more += attribute(IFA_CACHEINFO, struct.pack("=IIII", *lifetimes, 0, 0))
        if nodad:
            more += attribute(IFA_FLAGS, u32(IFA_F_NODAD))
        return self._message(RTM_NEWADDR, NLM_F_CREATE | (NLM_F_REPLACE if replace else NLM_F_EXCL), more)

    def delete(self):
        return self._message(RTM_DELADDR, 0, b"")

    def _message(self, kind, how, more):
        body = struct.pack("=BBBBI", self.family, self.length, 0, 0, self.index)
        body += attribute(IFA_LOCAL, self.local) + attribute(IFA_ADDRESS, self.peer)
        return message(kind, NLM_F_REQUEST | how, body + more)
