#include "scrape/observed.hpp"

#include <gtest/gtest.h>
#include <linux/if_addr.h>

#include <algorithm>

#include "metrics/catalogue.hpp"
#include "record/transition.hpp"
#include "state/network_state.hpp"
#include "support/objects.hpp"

namespace nlwatch::scrape {
namespace {

using test::gone;
using test::there;

class AddressTransitions : public testing::Test {
protected:
    state::NetworkState network{[this](const state::Change& change) { observed.changed(change, {}); }};
    Observed observed{network.table(), {}};

    AddressTransitions() { take(there(test::link(2, "eth0"))); }
    void take(const rtnl::Update& update) { network.apply(update, {}); }
    std::uint64_t told(std::string_view transition) const {
        const auto& words = metrics::labels::address_transitions;
        const auto word = std::find(std::begin(words), std::end(words), transition);
        return observed.address_transitions()[static_cast<std::size_t>(word - std::begin(words))];
    }
};

TEST_F(AddressTransitions, AreCountedFromTheFirstTableOn) {
    take(there(test::inet(2, 1)));
    EXPECT_EQ(told("usable"), 0u);
    observed.begin({});
    EXPECT_EQ(observed.links().copy().size(), 1u);
    take(there(test::inet(2, 2)));
    EXPECT_EQ(told("usable"), 1u);
    take(gone(test::inet(2, 1)));
    EXPECT_EQ(told("unusable"), 1u);
}

TEST_F(AddressTransitions, OfEachSort) {
    observed.begin({});
    rtnl::Address address = test::inet6(2, 1);
    address.flags = IFA_F_TENTATIVE;
    take(there(address));
    EXPECT_EQ(told("tentative"), 1u);
    address.flags = IFA_F_TENTATIVE | IFA_F_DADFAILED;
    take(there(address));
    EXPECT_EQ(told("dad_failed"), 1u);
    EXPECT_EQ(told("usable"), 0u);
    address.flags = 0;
    take(there(address));
    EXPECT_EQ(told("usable"), 1u);
    address.flags = IFA_F_DEPRECATED;
    take(there(address));
    EXPECT_EQ(told("deprecated"), 1u);
    EXPECT_EQ(told("tentative"), 1u);
}

TEST_F(AddressTransitions, OfALinkAreNotCountedThere) {
    observed.begin({});
    take(gone(test::link(2, "eth0")));
    EXPECT_EQ(observed.address_transitions(), Observed::AddressTransitions{});
    EXPECT_TRUE(observed.links().copy().empty());
}

}  // namespace
}  // namespace nlwatch::scrape
