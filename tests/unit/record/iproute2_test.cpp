// Objects say what iproute2 says, in its words: captured messages against the output of `ip -j -d` after the
// same commands (iproute2 6.1.0). Its output is without what records leave out (counts, timers, lifetimes),
// what differs at each try (random addresses, queues) and what changed behind the last message (a tap's
// owner, a macvlan's sources). The system tests compare the two on a live kernel.
#include <gtest/gtest.h>

#include "json.hpp"
#include "rows.hpp"
#include "rtnl/decode.hpp"
#include "support/fixture.hpp"

namespace nlwatch::record {
namespace {

struct Said {
    const char* fixture;
    std::string by_ip;
};

// The object of the fixture's last message that is about what `by_ip` is about.
std::string object_like(const Said& said) {
    std::string object;
    const test::Fixture fixture = test::fixture(said.fixture);
    for (const netlink::Message& message : fixture.messages()) {
        const rtnl::Decoded decoded = rtnl::decode(message);
        const auto* update = std::get_if<rtnl::Update>(&decoded);
        if (!update) continue;
        const rtnl::Link* link = rtnl::as_link(update->object);
        const std::string it =
            test::object_of(link ? test::row(*link, {{2, "vb"}, {3, "va"}})
                                 : test::row(*rtnl::as_address(update->object), "va", "veth"));
        const auto same = [&](const char* name) { return test::at(it, name) == test::at(said.by_ip, name); };
        if (link ? same("/ifname") : same("/local") && same("/address")) object = it;
    }
    return object;
}

TEST(Iproute2, SaysTheSame) {
    for (const Said& said : std::initializer_list<Said>{
             {"veth_altnames",
              R"({"link":"vb","ifname":"va","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"])"
              R"(,"mtu":1400,"qdisc":"noqueue","operstate":"UP","linkmode":"DEFAULT","group":"5")"
              R"(,"txqlen":77,"link_type":"ether","address":"02:00:00:00:00:01")"
              R"(,"broadcast":"ff:ff:ff:ff:ff:ff","min_mtu":68,"max_mtu":65535)"
              R"(,"linkinfo":{"info_kind":"veth"},"num_tx_queues":2,"num_rx_queues":2)"
              R"(,"gso_max_size":65536,"gso_max_segs":65535,"tso_max_size":524280)"
              R"(,"tso_max_segs":65535,"gro_max_size":65536,"altnames":["enp1s0")"
              R"(,"uplink-of-a-name-longer-than-15"]})"},
             {"bridge_add",
              R"({"ifname":"br0","flags":["BROADCAST","MULTICAST"],"mtu":1500,"qdisc":"noop")"
              R"(,"operstate":"DOWN","linkmode":"DEFAULT","group":"default","txqlen":1000)"
              R"(,"link_type":"ether","address":"02:00:00:00:00:10","broadcast":"ff:ff:ff:ff:ff:ff")"
              R"(,"min_mtu":68,"max_mtu":65535,"linkinfo":{"info_kind":"bridge")"
              R"(,"info_data":{"forward_delay":300,"hello_time":200,"max_age":2000,"ageing_time":6000)"
              R"(,"stp_state":1,"priority":4096,"vlan_filtering":0,"bridge_id":"1000.2:0:0:0:0:10")"
              R"(,"root_id":"1000.2:0:0:0:0:10","root_port":0,"root_path_cost":0)"
              R"(,"group_fwd_mask":"0x8","group_addr":"01:80:c2:00:00:00","mcast_snooping":1)"
              R"(,"no_linklocal_learn":0,"mcast_vlan_snooping":0,"mcast_router":1)"
              R"(,"mcast_query_use_ifaddr":0,"mcast_querier":0,"mcast_hash_elasticity":16)"
              R"(,"mcast_hash_max":4096,"mcast_last_member_cnt":2,"mcast_startup_query_cnt":2)"
              R"(,"mcast_last_member_intvl":100,"mcast_membership_intvl":26000)"
              R"(,"mcast_querier_intvl":25500,"mcast_query_intvl":5000)"
              R"(,"mcast_query_response_intvl":1000,"mcast_startup_query_intvl":3124)"
              R"(,"mcast_stats_enabled":0,"mcast_igmp_version":2,"mcast_mld_version":1)"
              R"(,"nf_call_iptables":0,"nf_call_ip6tables":0,"nf_call_arptables":0}})"
              R"(,"num_tx_queues":1,"num_rx_queues":1,"gso_max_size":65536,"gso_max_segs":65535)"
              R"(,"tso_max_size":65536,"tso_max_segs":65535,"gro_max_size":65536})"},
             {"vxlan_inet_add",
              R"({"ifname":"vx4","flags":["BROADCAST","MULTICAST"],"mtu":1350,"qdisc":"noop")"
              R"(,"operstate":"DOWN","linkmode":"DEFAULT","group":"default","txqlen":1000)"
              R"(,"link_type":"ether","broadcast":"ff:ff:ff:ff:ff:ff","min_mtu":68,"max_mtu":65535)"
              R"(,"linkinfo":{"info_kind":"vxlan","info_data":{"id":42,"remote":"192.0.2.99")"
              R"(,"local":"192.0.2.2","link":"va","port_range":{"low":1000,"high":2000},"port":4789)"
              R"(,"learning":false,"tos":"0x16","ttl":7,"df":"set","ageing":60,"limit":500)"
              R"(,"udp_csum":true,"udp_zero_csum6_tx":false,"udp_zero_csum6_rx":false}})"
              R"(,"num_tx_queues":1,"num_rx_queues":1,"gso_max_size":65536,"gso_max_segs":65535)"
              R"(,"tso_max_size":524280,"tso_max_segs":65535,"gro_max_size":65536})"},
             {"macvlan_source",
              R"({"link":"vb","ifname":"mv1","flags":["BROADCAST","MULTICAST"],"mtu":1500)"
              R"(,"qdisc":"noop","operstate":"DOWN","linkmode":"DEFAULT","group":"default")"
              R"(,"txqlen":1000,"link_type":"ether","broadcast":"ff:ff:ff:ff:ff:ff","min_mtu":68)"
              R"(,"max_mtu":65535,"linkinfo":{"info_kind":"macvlan","info_data":{"mode":"source")"
              R"(,"bcqueuelen":1000,"usedbcqueuelen":1000}},"num_tx_queues":1)"
              R"(,"num_rx_queues":1,"gso_max_size":65536,"gso_max_segs":65535,"tso_max_size":524280)"
              R"(,"tso_max_segs":65535,"gro_max_size":65536})"},
             {"tap_add",
              R"({"ifname":"tap0","flags":["BROADCAST","MULTICAST"],"mtu":1500,"qdisc":"noop")"
              R"(,"operstate":"DOWN","linkmode":"DEFAULT","group":"default","txqlen":1000)"
              R"(,"link_type":"ether","broadcast":"ff:ff:ff:ff:ff:ff","min_mtu":68,"max_mtu":65521)"
              R"(,"linkinfo":{"info_kind":"tun","info_data":{"type":"tap","pi":false,"vnet_hdr":false)"
              R"(,"multi_queue":true}},"num_tx_queues":256)"
              R"(,"num_rx_queues":256,"gso_max_size":65536,"gso_max_segs":65535,"tso_max_size":65536)"
              R"(,"tso_max_segs":65535,"gro_max_size":65536})"},
             {"address_inet_label",
              R"({"family":"inet","local":"192.0.2.2","prefixlen":24,"metric":77,"scope":"global")"
              R"(,"label":"va:web"})"},
             {"address_inet_peer",
              R"({"family":"inet","local":"198.51.100.1","address":"203.0.113.1","prefixlen":32)"
              R"(,"scope":"global","label":"va"})"},
             {"address_inet6_nodad",
              R"({"family":"inet6","local":"2001:db8::2","prefixlen":64,"metric":88,"scope":"global")"
              R"(,"nodad":true,"noprefixroute":true})"},
         }) {
        const std::string object = object_like(said);
        ASSERT_NE(object, "") << said.fixture;
        for (const std::string& leaf : test::leaves(said.by_ip))
            EXPECT_EQ(test::at(object, leaf), test::at(said.by_ip, leaf)) << said.fixture << ' ' << leaf;
    }
}

}  // namespace
}  // namespace nlwatch::record
