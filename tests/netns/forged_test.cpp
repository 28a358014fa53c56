// Who owns the namespace may send netlink messages to others in it: none is believed.
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "netns/on_a_kernel.hpp"
#include "support/encoder.hpp"
#include "support/objects.hpp"

namespace nlwatch::test {
namespace {

class Forger {
public:
    Forger() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {}
    ~Forger() { ::close(fd_); }
    Forger(const Forger&) = delete;
    Forger& operator=(const Forger&) = delete;

    // 0, or the errno of the attempt.
    int send(netlink::Bytes bytes, std::uint32_t port_id, std::uint32_t groups) const {
        sockaddr_nl to{};
        to.nl_family = AF_NETLINK;
        to.nl_pid = port_id;
        to.nl_groups = groups;
        const auto sent =
            ::sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
        return sent < 0 ? errno : 0;
    }

private:
    int fd_;
};

// The netlink sockets of this namespace that are bound to a port and of family NETLINK_ROUTE.
std::vector<std::uint32_t> port_ids() {
    std::vector<std::uint32_t> ids;
    std::ifstream table{"/proc/thread-self/net/netlink"};
    std::string line;
    std::getline(table, line);
    while (std::getline(table, line)) {
        std::istringstream words{line};
        std::string address;
        int protocol = -1;
        std::uint32_t port_id = 0;
        words >> address >> protocol >> port_id;
        if (protocol == NETLINK_ROUTE && port_id != 0) ids.push_back(port_id);
    }
    return ids;
}

constexpr std::uint32_t link_group = 1u << (RTNLGRP_LINK - 1);

class Forged : public OnAKernel {
protected:
    void SetUp() override {
        OnAKernel::SetUp();
        if (IsSkipped()) return;
        forger.emplace();
        changes->up("lo");
    }

    const std::vector<std::byte> ghost = datagram({link_message(RTM_NEWLINK, link(4'711, "ghost"))});
    const std::vector<std::byte> farewell = datagram({link_message(RTM_DELLINK, link(1, "lo"))});
    std::optional<Forger> forger;
};

// Others: believe it, and show a link that is not there; or check it against the sender that the message
// names, which the forger wrote.
TEST_F(Forged, UnicastIsRefusedByTheKernel) {
    // A socket that is not connected takes it, so it is not the forger who is powerless.
    const std::vector<std::uint32_t> others = port_ids();
    ASSERT_EQ(others.size(), 1u) << "that of the changes";
    ASSERT_EQ(forger->send(ghost, others.front(), 0), 0);
    Watch watch;
    watch.until_true();
    int followers = 0;
    for (const std::uint32_t port_id : port_ids()) {
        if (std::find(others.begin(), others.end(), port_id) != others.end()) continue;
        const int error = forger->send(ghost, port_id, 0);
        followers += error == ECONNREFUSED;
    }
    EXPECT_EQ(followers, 2) << "the events' socket and the requests'";
    watch.until_true();
    EXPECT_EQ(watch.table().size(rtnl::Kind::link), 1u);
    EXPECT_TRUE(watch.losses().empty());
}

// Others: refuse what was sent to their port id, and believe what was sent to the group.
TEST_F(Forged, MulticastIsIgnoredAndCounted) {
    Watch watch;
    watch.until_true();
    watch.forget();
    ASSERT_EQ(forger->send(ghost, 0, link_group), 0);
    ASSERT_EQ(forger->send(farewell, 0, link_group), 0);
    watch.until("both to be counted", [&] { return watch.follower().counters().forged == 2; });
    EXPECT_EQ(watch.told(), Words{});
    for (const std::uint64_t messages : watch.follower().counters().messages) EXPECT_EQ(messages, 0u);
    watch.until_true();
}

// Longer than any of the kernel's, so that the buffers grow; what the kernel says beside it must not be lost
// for good.
TEST_F(Forged, MulticastLongerThanTheBuffersDoesNoHarm) {
    Watch watch;
    watch.until_true();
    watch.forget();
    std::vector<std::byte> endless(150'000);
    std::copy(ghost.begin(), ghost.end(), endless.begin());
    changes->set_alias("lo", "before");
    ASSERT_EQ(forger->send(endless, 0, link_group), 0);
    changes->add("ifb", "ifb0");
    watch.until("it to be counted", [&] { return watch.follower().counters().forged == 1; });
    watch.until_true();
    EXPECT_EQ(watch.table().size(rtnl::Kind::link), 2u);

    changes->set_alias("lo", "after");
    watch.until_told("live changed lo");
    ASSERT_EQ(forger->send(endless, 0, link_group), 0);
    const std::size_t losses = watch.losses().size();
    changes->set_alias("lo", "again");
    watch.until("the next to be counted", [&] { return watch.follower().counters().forged == 2; });
    watch.until_true();
    EXPECT_EQ(watch.losses().size(), losses) << "the buffers fit it by now";
}

// A flood may fill the buffer: then something is lost, and found again.
TEST_F(Forged, AFloodIsALossLikeAnyOther) {
    Watch watch{{.receive_buffer = 2'304, .receive_buffer_max = 2'304}};
    watch.until_true();
    for (int i = 0; i < 50; ++i) forger->send(ghost, 0, link_group);
    changes->add("ifb", "ifb0");
    watch.until_told("resync added ifb0");
    watch.until_true();
    EXPECT_GE(watch.losses().size(), 1u);
}

}  // namespace
}  // namespace nlwatch::test
