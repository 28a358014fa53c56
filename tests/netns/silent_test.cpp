// Changes that the kernel makes without a message: suspected from what it did say, and found by an audit.
#include <linux/rtnetlink.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>
#include <variant>

#include "netns/blind.hpp"
#include "netns/intercept.hpp"

namespace nlwatch::test {
namespace {

using Silent = OnAKernel;
using SilentWhileBlind = Blind;

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

// Others: hold the address for usable. What they did not hear is that the link came up; that it goes down
// again says nothing new to them. That makes its address tentative, in silence, after a last message of the
// address.
TEST_F(SilentWhileBlind, ADownThatIsNoEdgeToUs) {
    for (const char* setting : {"all/accept_dad 0", "default/accept_dad 0", "all/keep_addr_on_down 1"}) {
        const std::string_view words{setting};
        const std::size_t space = words.find(' ');
        std::ofstream{"/proc/sys/net/ipv6/conf/" + std::string{words.substr(0, space)}}
            << words.substr(space + 1);
    }
    changes->add("ifb", "ifb0");
    changes->up("ifb0");
    changes->add_address("ifb0", "2001:db8::1", 64, Changes::Detection::as_configured);
    constexpr std::size_t bytes = 64 * 1'024;
    Watch watch{{.receive_buffer = bytes, .receive_buffer_max = bytes}};
    const auto usable = [&] {
        for (state::RowPtr row = watch.table().at_or_after({}); row; row = watch.table().after(row->key))
            if (const rtnl::Address* address = as_address(*row); address && row->ifname == "ifb0")
                if (address->scope == RT_SCOPE_UNIVERSE) return address->usable();
        return false;
    };
    watch.until_true();
    watch.until("the address can be used", usable);
    changes->down("ifb0");
    watch.until_told("audit changed 2001:db8::1 on ifb0");
    watch.until_true();
    EXPECT_FALSE(usable());
    // The last audit that all this made due, behind duplicate address detection: none is to come by itself.
    const std::uint64_t clean = watch.follower().sync().counters().clean;
    watch.until("an audit", [&] { return watch.follower().sync().counters().clean > clean; });

    overflow(200);
    changes->up("ifb0");
    // An address that is detecting duplicates when its link goes down may end that, and be usable there.
    Talk talk;
    const auto detected = [&] {
        const Truth kernels = truth(talk);
        return std::any_of(kernels.begin(), kernels.end(), [](const auto& held) {
            const auto* address = std::get_if<rtnl::Address>(&held.second);
            return address && address->family == AF_INET6 && address->scope == RT_SCOPE_UNIVERSE &&
                   address->usable();
        });
    };
    for (int turn = 0; turn < 10'000 && !detected(); ++turn)
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    ASSERT_TRUE(detected());
    bool struck = false;
    const DuringDumps strike{[&](const Moment& moment) {
        if (moment.part.kind != rtnl::Kind::link || std::exchange(struck, true)) return;
        changes->replace_address("ifb0", "2001:db8::1", 64);
        changes->down("ifb0");
    }};
    watch.forget();
    watch.until_repaired();
    EXPECT_TRUE(struck);
    watch.until_true();
    EXPECT_FALSE(usable());
}

}  // namespace
}  // namespace nlwatch::test
