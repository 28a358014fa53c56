#include "netns/changes.hpp"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace nlwatch::test {

using netlink::Request;

namespace {

constexpr std::uint16_t make = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;

ifinfomsg with_index(std::uint32_t ifindex) {
    ifinfomsg link{};
    link.ifi_index = static_cast<int>(ifindex);
    return link;
}

Request new_link(std::string_view ifname, std::uint32_t ifindex) {
    Request request{RTM_NEWLINK, make};
    request.body(with_index(ifindex)).text(IFLA_IFNAME, ifname);
    return request;
}

Request of_link(std::uint16_t type, std::string_view ifname) {
    Request request{type, NLM_F_ACK};
    request.body(ifinfomsg{}).text(IFLA_IFNAME, ifname);
    return request;
}

Request of_address(std::uint16_t type, std::uint16_t flags, std::uint32_t ifindex, const std::string& local,
                   std::uint8_t prefixlen) {
    std::array<std::byte, 16> bytes{};
    ifaddrmsg address{};
    address.ifa_family = local.find(':') == std::string::npos ? AF_INET : AF_INET6;
    address.ifa_prefixlen = prefixlen;
    address.ifa_index = ifindex;
    if (::inet_pton(address.ifa_family, local.c_str(), bytes.data()) != 1) throw std::invalid_argument(local);
    const netlink::Bytes payload = netlink::Bytes{bytes}.first(address.ifa_family == AF_INET ? 4 : 16);
    Request request{type, flags};
    request.body(address).attribute(IFA_LOCAL, payload).attribute(IFA_ADDRESS, payload);
    return request;
}

}  // namespace

void Changes::add(std::string_view kind, std::string_view ifname, std::uint32_t ifindex) {
    Request request = new_link(ifname, ifindex);
    request.nest(IFLA_LINKINFO).text(IFLA_INFO_KIND, kind).end();
    change(request, ifname);
}

void Changes::add_veth(std::string_view ifname, std::string_view peer, std::uint32_t ifindex) {
    Request request = new_link(ifname, ifindex);
    request.nest(IFLA_LINKINFO).text(IFLA_INFO_KIND, "veth").nest(IFLA_INFO_DATA).nest(VETH_INFO_PEER);
    request.body(ifinfomsg{}).text(IFLA_IFNAME, peer).end().end().end();
    change(request, ifname);
}

void Changes::add_macvlan(std::string_view ifname, std::string_view below) {
    Request request = new_link(ifname, 0);
    request.attribute(IFLA_LINK, index(below)).nest(IFLA_LINKINFO).text(IFLA_INFO_KIND, "macvlan").end();
    change(request, ifname);
}

void Changes::remove(std::string_view ifname) {
    Request request = of_link(RTM_DELLINK, ifname);
    change(request, ifname);
}

void Changes::up(std::string_view ifname) { set_flags(ifname, IFF_UP, IFF_UP); }
void Changes::down(std::string_view ifname) { set_flags(ifname, 0, IFF_UP); }

void Changes::set_flags(std::string_view ifname, unsigned flags, unsigned mask) {
    ifinfomsg link{};
    link.ifi_flags = flags;
    link.ifi_change = mask;
    Request request{RTM_NEWLINK, NLM_F_ACK};
    request.body(link).text(IFLA_IFNAME, ifname);
    change(request, ifname);
}

void Changes::rename(std::string_view ifname, std::string_view to) {
    Request request{RTM_NEWLINK, NLM_F_ACK};
    request.body(with_index(index(ifname))).text(IFLA_IFNAME, to);
    const int error = talk_.ask(request);
    if (error == 0) return;
    if (error != EBUSY) throw std::system_error(error, std::generic_category(), std::string{ifname});
    down(ifname);  // Linux before 6.2 renames no link that is up
    change(request, ifname);
    up(to);
}

void Changes::set_mtu(std::string_view ifname, std::uint32_t bytes) {
    Request request = of_link(RTM_NEWLINK, ifname);
    request.attribute(IFLA_MTU, bytes);
    change(request, ifname);
}

void Changes::set_alias(std::string_view ifname, std::string_view alias) {
    Request request = of_link(RTM_NEWLINK, ifname);
    request.attribute(IFLA_IFALIAS, std::as_bytes(std::span{alias}));
    change(request, ifname);
}

void Changes::set_master(std::string_view ifname, std::string_view master) {
    const std::uint32_t above = master.empty() ? 0 : index(master);
    Request request = of_link(RTM_NEWLINK, ifname);
    request.attribute(IFLA_MASTER, above);
    change(request, ifname);
}

void Changes::add_altnames(std::string_view ifname, const std::vector<std::string>& altnames) {
    Request request{RTM_NEWLINKPROP, make | NLM_F_APPEND};
    request.body(with_index(index(ifname))).nest(IFLA_PROP_LIST);
    for (const std::string& altname : altnames) request.text(IFLA_ALT_IFNAME, altname);
    request.end();
    change(request, ifname);
}

void Changes::move(std::string_view ifname, const Namespace& to) {
    Request request = of_link(RTM_NEWLINK, ifname);
    request.attribute(IFLA_NET_NS_FD, to.descriptor());
    change(request, ifname);
}

void Changes::add_address(std::string_view ifname, const std::string& local, std::uint8_t prefixlen,
                          Detection detection) {
    Request request = of_address(RTM_NEWADDR, make, index(ifname), local, prefixlen);
    if (detection == Detection::none) request.attribute(IFA_FLAGS, std::uint32_t{IFA_F_NODAD});
    change(request, local);
}

void Changes::replace_address(std::string_view ifname, const std::string& local, std::uint8_t prefixlen) {
    Request request = of_address(RTM_NEWADDR, NLM_F_ACK | NLM_F_REPLACE, index(ifname), local, prefixlen);
    change(request, local);
}

void Changes::remove_address(std::string_view ifname, const std::string& local, std::uint8_t prefixlen) {
    Request request = of_address(RTM_DELADDR, NLM_F_ACK, index(ifname), local, prefixlen);
    change(request, local);
}

std::uint32_t Changes::index(std::string_view ifname) {
    Request request{RTM_GETLINK, NLM_F_ACK};
    request.body(ifinfomsg{}).text(IFLA_IFNAME, ifname);
    ifinfomsg link{};
    const int error =
        talk_.ask(request, [&](const netlink::Message& message) { netlink::copy(message.payload, link); });
    if (error != 0) throw std::system_error(error, std::generic_category(), std::string{ifname});
    return static_cast<std::uint32_t>(link.ifi_index);
}

void Changes::change(Request& request, std::string_view what) {
    if (const int error = talk_.ask(request); error != 0)
        throw std::system_error(error, std::generic_category(), std::string{what});
}

}  // namespace nlwatch::test
