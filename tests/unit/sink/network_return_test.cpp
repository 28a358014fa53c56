#include "sink/network_return.hpp"

#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "state/network_state.hpp"
#include "support/objects.hpp"

namespace nlwatch::sink {
namespace {

using test::gone, test::inet, test::inet6, test::link, test::there, test::without_carrier;

// Whether what is told makes a retry worthwhile.
struct NetworkReturn : testing::Test {
    bool tells(const rtnl::Update& update) {
        returned = false;
        state.apply(update, {});
        return returned;
    }
    static rtnl::Address scoped(rtnl::Address address, std::uint8_t scope) {
        address.scope = scope;
        return address;
    }
    static rtnl::Address tentative(rtnl::Address address) {
        address.flags |= IFA_F_TENTATIVE;
        return address;
    }

    bool returned = false;
    state::NetworkState state{[this](const state::Change& change) {
        returned = returned || network_returned(change, state.table());
    }};
};

TEST_F(NetworkReturn, IsAnAddressThatBecomesUsable) {
    EXPECT_FALSE(tells(there(link(2, "eth0"))));
    EXPECT_TRUE(tells(there(inet(2, 1))));
    EXPECT_FALSE(tells(there(inet(2, 1)))) << "it was there";
    EXPECT_FALSE(tells(there(tentative(inet6(2, 1)))));
    EXPECT_TRUE(tells(there(inet6(2, 1))));
    EXPECT_TRUE(tells(there(scoped(inet6(2, 2), RT_SCOPE_SITE))));
    EXPECT_FALSE(tells(gone(inet(2, 1))));
}

TEST_F(NetworkReturn, IsNoAddressThatDoesNotReachOut) {
    tells(there(link(2, "eth0")));
    EXPECT_FALSE(tells(there(scoped(inet6(2, 1), RT_SCOPE_LINK))));
    EXPECT_FALSE(tells(there(scoped(inet(2, 1), RT_SCOPE_HOST))));
}

TEST_F(NetworkReturn, IsCarrierOnALinkThatHoldsSuchAnAddress) {
    const rtnl::Link it = link(2, "br0", "bridge");
    tells(there(it));
    tells(there(inet(2, 1)));
    EXPECT_FALSE(tells(there(without_carrier(it))));
    EXPECT_TRUE(tells(there(it)));
    rtnl::Link other_mtu = it;
    other_mtu.mtu = 9000;
    EXPECT_FALSE(tells(there(other_mtu))) << "it had carrier";
}

TEST_F(NetworkReturn, IsNoLinkThatComesAndGoesWithoutOne) {
    tells(there(link(2, "eth0")));
    tells(there(inet(2, 1)));
    tells(there(link(4, "eth1")));
    tells(there(inet(4, 2)));
    const rtnl::Link veth = link(3, "veth3");
    EXPECT_FALSE(tells(there(veth)));
    EXPECT_FALSE(tells(there(without_carrier(veth))));
    EXPECT_FALSE(tells(there(veth)));
    tells(there(scoped(inet6(3, 1), RT_SCOPE_LINK)));
    tells(there(tentative(inet6(3, 2))));
    EXPECT_FALSE(tells(there(without_carrier(veth))));
    EXPECT_FALSE(tells(there(veth))) << "none of its addresses reaches out now";
    EXPECT_FALSE(tells(gone(veth)));
}

}  // namespace
}  // namespace nlwatch::sink
