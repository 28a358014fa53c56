// Changes that the kernel makes without a message: suspected from what it did say, and found by an audit.
#include "netns/on_a_kernel.hpp"

namespace nlwatch::test {
namespace {

using Silent = OnAKernel;

// Others: say for good that the peer is here, or there. While both ends are down, the end that stays says
// nothing of its IFLA_LINK_NETNSID.
TEST_F(Silent, TheNamespaceOfAPeerThatMoves) {
    changes->add_veth("v0", "v1");
    Watch watch;
    watch.until_true();
    const std::uint32_t stays = changes->index("v0");
    ASSERT_FALSE(as_link(*watch.table().find(rtnl::link_key(stays)))->link_netnsid);
    watch.forget();
    const Namespace there;
    changes->move("v1", there);
    watch.until_told("audit changed v0");
    EXPECT_TRUE(as_link(*watch.table().find(rtnl::link_key(stays)))->link_netnsid);
    EXPECT_TRUE(watch.losses().empty()) << "an audit is no resync";
    watch.until_true();

    there.enter();
    Changes changes_there;
    here->enter();
    watch.forget();
    changes_there.move("v1", *here);
    watch.until_told("audit changed v0");
    EXPECT_FALSE(as_link(*watch.table().find(rtnl::link_key(stays)))->link_netnsid);
    watch.until_true();
}

// Others: do not know the address while it is tentative. Link-local addresses are announced when duplicate
// address detection ends, 1.4 to 2.3 s after they are there.
TEST_F(Silent, TheTentativePhaseOfALinkLocalAddress) {
    changes->add_veth("v0", "v1");
    Watch watch;
    watch.until_true();
    changes->up("v0");
    changes->up("v1");
    const auto link_local = [&](bool usable) {
        return [&, usable] {
            for (state::RowPtr row = watch.table().at_or_after({}); row; row = watch.table().after(row->key))
                if (const rtnl::Address* address = as_address(*row);
                    address && row->ifname == "v0" && address->usable() == usable)
                    return true;
            return false;
        };
    };
    watch.until("a tentative address", link_local(false));
    watch.until("its end", link_local(true));
    const Words told = watch.told();
    const auto of_v0 = [&](std::string_view start) {
        return std::count_if(told.begin(), told.end(), [&](const std::string& line) {
            return line.starts_with(start) && line.ends_with(" on v0");
        });
    };
    EXPECT_EQ(of_v0("audit added fe80::"), 1);
    EXPECT_EQ(of_v0("live added fe80::"), 0);
    EXPECT_EQ(of_v0("live changed fe80::"), 1);
    watch.until_true();
}

}  // namespace
}  // namespace nlwatch::test
