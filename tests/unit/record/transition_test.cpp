#include "record/transition.hpp"

#include <gtest/gtest.h>
#include <linux/if.h>
#include <linux/if_addr.h>

#include "record/link_state.hpp"
#include "rows.hpp"

namespace nlwatch::record {
namespace {

using namespace transition;
using test::added, test::changed, test::inet, test::inet6, test::link, test::removed, test::without_carrier;

rtnl::Link turned_off() {
    rtnl::Link down = without_carrier(link(2, "eth0"));
    down.flags = 0;
    return down;
}
rtnl::Address with(rtnl::Address address, std::uint32_t flags) {
    address.flags = flags;
    return address;
}

TEST(Transition, NamesAndBitsBelongTogether) {
    for (int bit = 0; bit < transition_count; ++bit)
        EXPECT_EQ(transition_named(transition_name(bit)), Transitions(1 << bit)) << transition_name(bit);
    EXPECT_EQ(transition_name(0), "admin_up");
    EXPECT_EQ(transition_named("state_down"), state_down);
    EXPECT_EQ(transition_named("deprecated"), deprecated);
    EXPECT_EQ(transition_named("STATE_DOWN"), std::nullopt);
    EXPECT_EQ(transition_named(""), std::nullopt);
}

TEST(Transition, ALinkThatAppearsUpHasComeUp) {
    EXPECT_EQ(transitions_of(added(link(2, "eth0"))), admin_up | carrier_up | state_up);
    EXPECT_EQ(transitions_of(added(without_carrier(link(2, "eth0")))), admin_up);
    EXPECT_EQ(transitions_of(added(turned_off())), 0);
}

TEST(Transition, ALinkRemovedWhileUpHasGoneDown) {
    EXPECT_EQ(transitions_of(removed(link(2, "eth0"))), admin_down | carrier_down | state_down);
    EXPECT_EQ(transitions_of(removed(without_carrier(link(2, "eth0")))), admin_down);
    EXPECT_EQ(transitions_of(removed(turned_off())), 0);
}

TEST(Transition, OfAChangedLinkAreItsEdges) {
    const rtnl::Link up = link(2, "eth0");
    EXPECT_EQ(transitions_of(changed(up, without_carrier(up))), carrier_down | state_down);
    EXPECT_EQ(transitions_of(changed(without_carrier(up), up)), carrier_up | state_up);
    EXPECT_EQ(transitions_of(changed(turned_off(), without_carrier(up))), admin_up);
    rtnl::Link renamed_link = up, ported = up, larger = up, dormant = up;
    renamed_link.ifname = "wan";
    ported.master = 5;
    rtnl::Link passed_on = ported;
    passed_on.master = 6;
    larger.mtu = 9000;
    dormant.operstate = IF_OPER_DORMANT;
    EXPECT_EQ(transitions_of(changed(up, renamed_link)), renamed);
    EXPECT_EQ(transitions_of(changed(up, ported)), master_changed);
    EXPECT_EQ(transitions_of(changed(ported, up)), master_changed);
    EXPECT_EQ(transitions_of(changed(ported, passed_on)), master_changed) << "whatever their names";
    EXPECT_EQ(transitions_of(changed(up, larger)), 0);
    EXPECT_EQ(transitions_of(changed(up, dormant)), state_down);  // the carrier is still there
}

TEST(Transition, OfAnAddress) {
    const rtnl::Address good = inet6(2, 1);
    const rtnl::Address tried = with(good, IFA_F_TENTATIVE),
                        failed = with(good, IFA_F_TENTATIVE | IFA_F_DADFAILED),
                        old = with(good, IFA_F_DEPRECATED);
    EXPECT_EQ(transitions_of(added(good)), usable);
    EXPECT_EQ(transitions_of(added(tried)), tentative);
    EXPECT_EQ(transitions_of(added(failed)), tentative | dad_failed);
    EXPECT_EQ(transitions_of(changed(tried, good)), usable);
    EXPECT_EQ(transitions_of(changed(good, tried)), unusable | tentative);
    EXPECT_EQ(transitions_of(changed(tried, failed)), dad_failed);
    EXPECT_EQ(transitions_of(changed(good, old)), deprecated);
    EXPECT_EQ(transitions_of(changed(old, good)), 0);
    EXPECT_EQ(transitions_of(removed(good)), unusable);
    EXPECT_EQ(transitions_of(removed(tried)), 0);
    EXPECT_EQ(transitions_of(added(inet(2, 1))), usable);
}

TEST(LinkState, SaysWhyALinkIsDown) {
    struct Case {
        std::uint32_t flags;
        std::uint8_t operstate;
        std::string_view why;
    };
    constexpr std::uint32_t up = IFF_UP, lower = IFF_UP | IFF_LOWER_UP;
    for (const auto& [flags, operstate, why] : std::initializer_list<Case>{
             {0, IF_OPER_UP, "admin_down"},
             {IFF_LOWER_UP, IF_OPER_UNKNOWN, "admin_down"},  // lo that is down keeps its carrier
             {0, IF_OPER_LOWERLAYERDOWN, "admin_down"},
             {up, IF_OPER_LOWERLAYERDOWN, "lower_layer_down"},
             {up, IF_OPER_NOTPRESENT, "not_present"},
             {lower, IF_OPER_DORMANT, "dormant"},
             {lower, IF_OPER_TESTING, "testing"},
             {lower, IF_OPER_UP, ""},
             {up, IF_OPER_UP, ""},
             {lower, IF_OPER_UNKNOWN, ""},
             {up, IF_OPER_UNKNOWN, "no_carrier"},
             {up, IF_OPER_DOWN, "no_carrier"},
             {lower, IF_OPER_DOWN, "unknown"},
             {lower, 77, "unknown"},
             {up, 77, "no_carrier"}}) {
        rtnl::Link it;
        it.flags = flags;
        it.operstate = operstate;
        EXPECT_EQ(why_down(it), why) << flags << ' ' << int{operstate};
        EXPECT_EQ(is_up(it), why.empty());
    }
}

}  // namespace
}  // namespace nlwatch::record
