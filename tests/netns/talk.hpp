// Plain talk with the kernel over a netlink socket of its own: what the tests change and compare with shares
// no socket code with what they test.
#pragma once
#include <cstddef>
#include <functional>
#include <vector>

#include "netlink/message.hpp"
#include "netlink/request.hpp"

namespace nlwatch::test {

class Talk {
public:
    Talk();  // in the namespace of the calling thread
    ~Talk();
    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    // Waits for the answer's end, and hands each message before it to `row`. Returns the kernel's error, a
    // positive errno or 0.
    int ask(netlink::Request&, const std::function<void(const netlink::Message&)>& row = {});

private:
    int fd_ = -1;
    std::uint32_t sequence_ = 0;
    std::vector<std::byte> buffer_;
};

}  // namespace nlwatch::test
