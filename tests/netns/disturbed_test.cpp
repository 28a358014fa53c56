// Passes while others change what is dumped: whatever was lost, and however the dumps were shifted, what
// remains is the truth.
#include <atomic>
#include <exception>
#include <thread>

#include "netns/on_a_kernel.hpp"

namespace nlwatch::test {
namespace {

std::string inet(int n) {
    return "10." + std::to_string(n / 65'536) + "." + std::to_string(n / 256 % 256) + "." +
           std::to_string(n % 256);
}
std::string inet6(int n) { return "2001:db8::" + std::to_string(n); }

// Makes changes until it is told to stop; its errors are the test's.
class Churn {
public:
    explicit Churn(std::function<void(Changes&, int round)> make)
        : thread_([this, make = std::move(make)] {
              try {
                  Changes changes;
                  for (int round = 0; !stop_; ++round, ++rounds_) make(changes, round);
              } catch (...) {
                  error_ = std::current_exception();
              }
          }) {}
    ~Churn() { join(); }
    Churn(const Churn&) = delete;
    Churn& operator=(const Churn&) = delete;

    int rounds() const { return rounds_; }
    void join() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

private:
    std::atomic<bool> stop_ = false;
    std::atomic<int> rounds_ = 0;
    std::exception_ptr error_;
    std::thread thread_;
};

struct Buffer {
    std::size_t first, most;  // bytes
    friend void PrintTo(const Buffer& buffer, std::ostream* out) {
        *out << buffer.first << " bytes, at most " << buffer.most;
    }
};

class Disturbed : public OnAKernel, public testing::WithParamInterface<Buffer> {
protected:
    static kernel::Follower::Options options() {
        return {.receive_buffer = GetParam().first,
                .receive_buffer_max = GetParam().most,
                .limits = {.resync_min_interval = std::chrono::milliseconds{20}}};
    }
    // Several times over: changes from another thread until there was enough of it, and then the truth. A
    // link that never rests and is too large for one datagram may never be complete, and then the pauses
    // between passes grow; with a buffer that has grown a clean pass may be the last.
    static void disturb(Watch& watch, const std::function<void(Changes&, int round)>& make) {
        const kernel::SyncMachine& sync = watch.follower().sync();
        for (int storm = 0; storm < 4 && !HasFailure(); ++storm) {
            const std::uint64_t passes = sync.counters().all();
            Churn churn{make};
            watch.until("twelve passes, or rest", [&] {
                return sync.counters().all() >= passes + 12 || (sync.settled() && churn.rounds() >= 100);
            });
            churn.join();
            EXPECT_GT(churn.rounds(), 0);
            watch.until_true();
        }
    }
};

// More addresses of one link than a datagram of a dump holds, changing at random places.
TEST_P(Disturbed, ByTheAddressesOfALargeLink) {
    constexpr int many = 700;
    changes->add("ifb", "large");
    changes->add("ifb", "quiet");
    for (int i = 0; i < many; ++i) {
        changes->add_address("large", inet(i + 1), 32);
        if (i % 2) changes->add_address("large", inet6(i + 1), 128);
    }
    for (int i = 0; i < 30; ++i) {
        changes->add_address("quiet", inet(100'000 + i), 32);
        changes->add_address("quiet", inet6(9'000 + i), 128);
    }
    Watch watch{options()};
    disturb(watch, [&](Changes& by, int round) {
        const int n = 1 + round * 37 % many;
        by.remove_address("large", inet(n), 32);
        by.add_address("large", inet(n), 32);
        if (n % 2 == 0) {
            by.remove_address("large", inet6(n), 128);
            by.add_address("large", inet6(n), 128);
        }
    });
    EXPECT_EQ(watch.table().size(), 3u + many + many / 2 + 60u);
}

// IPv6 by IPv6 lost and got back through the MTU, links that come and go, flap and are renamed.
TEST_P(Disturbed, ByLinksThatComeAndGo) {
    for (int i = 0; i < 6; ++i) {
        const std::string name = "ifb" + std::to_string(i);
        changes->add("ifb", name);
        changes->up(name);
        for (int n = 0; n < 120; ++n) changes->add_address(name, inet6(1'000 * i + n), 128);
    }
    Watch watch{options()};
    disturb(watch, [&](Changes& by, int round) {
        const std::string name = "c" + std::to_string(round % 5);
        by.add_veth(name, "peer");
        by.add_address(name, inet(round % 200 + 1), 24);
        by.up(name);
        by.up("peer");
        by.rename(name, "renamed");
        by.down("peer");
        by.remove("renamed");
        if (round % 5) return;
        by.set_mtu("ifb2", 1'279);
        by.set_mtu("ifb2", 1'500);
        for (int n = 0; n < 20; ++n) by.add_address("ifb2", inet6(2'000 + n), 128);
    });
}

INSTANTIATE_TEST_SUITE_P(Buffers, Disturbed,
                         testing::Values(Buffer{2'304, 2'304}, Buffer{8'192, 8'192}, Buffer{8'192, 1 << 20}),
                         [](const auto& buffer) {
                             return std::to_string(buffer.param.first) + "_to_" +
                                    std::to_string(buffer.param.most);
                         });

}  // namespace
}  // namespace nlwatch::test
