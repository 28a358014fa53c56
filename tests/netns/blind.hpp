// A follower that loses messages: in a namespace of its own, with the smallest receive buffer, and held while
// much changes.
#pragma once
#include "netns/on_a_kernel.hpp"

namespace nlwatch::test {

class Blind : public OnAKernel {
protected:
    static constexpr std::size_t smallest = 2'304;  // bytes: the least receive buffer that the kernel gives

    void SetUp() override {
        OnAKernel::SetUp();
        if (!IsSkipped()) changes->up("lo");
    }
    static kernel::Follower::Options tiny(std::size_t most = smallest) {
        return {.receive_buffer = smallest, .receive_buffer_max = most};
    }
    // More events than the buffer holds, without a trace. Of a link that is up: the alias of one that is down
    // changes in silence.
    void overflow(int pairs = 20) {
        for (int i = 0; i < pairs; ++i) {
            changes->set_alias("lo", "noise");
            changes->set_alias("lo", "");
        }
    }
    static std::uint64_t losses(const Watch& watch, kernel::Cause cause) {
        return watch.follower().counters().losses[static_cast<std::size_t>(cause)];
    }
    // "10.0.0.0" and so on.
    static std::string inet(int n) {
        return "10." + std::to_string(n / 65'536) + "." + std::to_string(n / 256 % 256) + "." +
               std::to_string(n % 256);
    }
    static std::string inet6(int n) { return "2001:db8::" + std::to_string(n); }
};

}  // namespace nlwatch::test
