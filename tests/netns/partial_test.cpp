// A message that says less than it seems to. No driver here sends one: its bytes are made by hand, after the
// kernel's wireless_nlevent_process() and rtnetlink_ifinfo_prep(), and put among the events with the kernel
// as their sender.
#include <linux/rtnetlink.h>

#include "netns/intercept.hpp"
#include "netns/on_a_kernel.hpp"

namespace nlwatch::test {
namespace {

class Partial : public OnAKernel {
protected:
    // RTM_NEWLINK with a name, no flags and IFLA_WIRELESS, and nothing else of the link.
    static std::vector<std::byte> wireless_event(std::uint32_t ifindex, std::string_view ifname) {
        ifinfomsg link{};
        link.ifi_index = static_cast<int>(ifindex);
        link.ifi_type = 1;
        const std::array<std::byte, 24> event{};
        netlink::Request request{RTM_NEWLINK, 0};
        request.body(link).text(IFLA_IFNAME, ifname).attribute(IFLA_WIRELESS, netlink::Bytes{event});
        const netlink::Bytes bytes = request.bytes(0);
        return {bytes.begin(), bytes.end()};
    }
    static std::uint64_t ignored(const Watch& watch) {
        return watch.follower().counters().ignored[static_cast<std::size_t>(rtnl::Ignored::wireless)];
    }
    // Reads it, and what the kernel says behind it.
    void hear(Watch& watch, std::vector<std::byte> event) {
        put_among_events(std::move(event));
        changes->add_address("lo", "192.0.2." + std::to_string(++heard_), 32);
        watch.until("it to be read", [&] { return ignored(watch) == heard_; });
    }

    std::uint64_t heard_ = 0;
};

// Others: take it for the whole link, which loses its MTU, its address and its carrier so.
TEST_F(Partial, AWirelessEventChangesNoLink) {
    changes->add_veth("wlan0", "v1");
    Watch watch;
    watch.until_true();
    const std::uint32_t ifindex = changes->index("wlan0");
    watch.forget();
    hear(watch, wireless_event(ifindex, "wlan0"));
    watch.until_true();
    EXPECT_FALSE(watch.was_told("live changed wlan0"));
    EXPECT_FALSE(watch.was_told("audit changed wlan0"));
}

// Others: take the link for new. These events wait in a queue of their own, and may come behind RTM_DELLINK.
TEST_F(Partial, AWirelessEventBehindTheFarewellBringsNoLinkBack) {
    changes->add_veth("wlan0", "v1");
    Watch watch;
    watch.until_true();
    const std::uint32_t ifindex = changes->index("wlan0");
    changes->remove("wlan0");
    watch.until_told("live removed wlan0");
    watch.forget();
    hear(watch, wireless_event(ifindex, "wlan0"));
    watch.until_true();
    EXPECT_FALSE(watch.was_told("live added wlan0"));
}

}  // namespace
}  // namespace nlwatch::test
