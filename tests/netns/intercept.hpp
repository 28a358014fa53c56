// What a test does in the midst of the follower's talk with the kernel, at a moment that would else take
// luck: the linker puts this program's send(), recv() and recvmmsg() before the library's (--wrap). The
// kernel stays the real one.
#pragma once
#include <cstddef>
#include <functional>
#include <vector>

#include "state/pass.hpp"

namespace nlwatch::test {

// A datagram of one of the follower's dumps is filled, and about to be read. The first is filled when the
// dump is asked for, the next whenever one is read: so what is changed now is newer than `datagram`, and
// older than those behind it.
struct Moment {
    state::Pass::Part part;
    int datagram = 0;      // from 0
    std::size_t rows = 0;  // in those before it
};

// While it lives, `act` is called at each such moment. One at a time.
class DuringDumps {
public:
    explicit DuringDumps(std::function<void(const Moment&)> act);
    ~DuringDumps();
    DuringDumps(const DuringDumps&) = delete;
    DuringDumps& operator=(const DuringDumps&) = delete;

private:
    std::function<void(const Moment&)> act_;
};

// While it lives, no buffer for an event is larger than this: the kernel cuts what is longer. One at a time.
class SmallReads {
public:
    explicit SmallReads(std::size_t bytes);
    ~SmallReads();
    SmallReads(const SmallReads&) = delete;
    SmallReads& operator=(const SmallReads&) = delete;
};

// The follower's next read of events finds this datagram, and the kernel as its sender.
void put_among_events(std::vector<std::byte> datagram);

// The socket that events were last read from.
int events_descriptor();

}  // namespace nlwatch::test
