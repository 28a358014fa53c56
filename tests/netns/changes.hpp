// Changes of links and addresses, as iproute2 would make them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "netns/namespace.hpp"
#include "netns/talk.hpp"

namespace nlwatch::test {

// All throw std::system_error with the kernel's answer, where it is not "done".
class Changes {
public:
    Changes() = default;  // in the namespace of the calling thread

    // `ifindex` 0: the kernel chooses.
    void add(std::string_view kind, std::string_view ifname, std::uint32_t ifindex = 0);  // bridge, ifb
    void add_veth(std::string_view ifname, std::string_view peer, std::uint32_t ifindex = 0);
    void add_macvlan(std::string_view ifname, std::string_view below);
    void remove(std::string_view ifname);

    void up(std::string_view ifname);
    void down(std::string_view ifname);
    void rename(std::string_view ifname, std::string_view to);
    void set_mtu(std::string_view ifname, std::uint32_t bytes);
    void set_alias(std::string_view ifname, std::string_view alias);
    void set_master(std::string_view ifname, std::string_view master);  // "" = none
    void add_altnames(std::string_view ifname, const std::vector<std::string>& altnames);
    void move(std::string_view ifname, const Namespace& to);
    // An address in text, with its prefix length. IPv6 ones without duplicate address detection, or as the
    // namespace has it.
    enum class Detection : std::uint8_t { none, as_configured };
    void add_address(std::string_view ifname, const std::string& local, std::uint8_t prefixlen,
                     Detection = Detection::none);
    // The same once more: the kernel announces it, and nothing has changed.
    void replace_address(std::string_view ifname, const std::string& local, std::uint8_t prefixlen);
    void remove_address(std::string_view ifname, const std::string& local, std::uint8_t prefixlen);

    std::uint32_t index(std::string_view ifname);

private:
    void change(netlink::Request&, std::string_view what);
    void set_flags(std::string_view ifname, unsigned flags, unsigned mask);

    Talk talk_;
};

}  // namespace nlwatch::test
