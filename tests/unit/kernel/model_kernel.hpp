// A kernel made up for the tests, with the vices of the real one: chunked dumps that skip and repeat rows
// while things change, and an event queue that goes on dropping in silence after an overrun until it has been
// seen empty.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "state/pass.hpp"

namespace nlwatch::test {

class ModelKernel {
public:
    struct Style {
        bool by_hash = false;  // dumps walk hash buckets by count, as Linux 6.1 does; else by index, as 6.18
        bool done_with_rows = false;  // NLMSG_DONE comes in the last rows' datagram
        std::size_t rows_per_datagram = 4;
        std::size_t queue = 8;  // events that the receive buffer holds
        std::uint32_t links = 10;
        std::size_t addresses = 12;  // of one family, on one link
    };
    ModelKernel(const Style&, std::mt19937&);

    void change();  // something, at random, with its events

    // The events socket.
    bool overrun();                       // ENOBUFS: told once, before what is still queued
    std::optional<rtnl::Update> event();  // none: the queue was seen empty
    std::uint64_t dropped() const { return dropped_; }

    // The request socket. `fill` is what happens under the kernel's lock: its datagram may be read much
    // later.
    struct Datagram {
        std::vector<rtnl::Update> rows;
        std::size_t bytes{};
        bool done{};
        int error{};
    };
    void begin_dump(const state::Pass::Part&);
    Datagram fill();
    // All of one dump, into the pass. `change` comes before and behind each fill, `read` while its datagram
    // lies there: what is announced by then, though newer, is read before it.
    void dump(const state::Pass::Part&, state::Pass&, const std::function<void()>& change,
              const std::function<void()>& read);

    // What a dump in a quiet moment would give.
    std::map<rtnl::Key, rtnl::Update> truth() const;

    // Whether a pass took for gone what was there, by the truth of the moment when its window closed. Another
    // link under a known index may have been.
    static bool was_alive(const state::Change& removed, const std::map<rtnl::Key, rtnl::Update>& truth);

private:
    struct Family {
        bool enabled =
            true;  // off: the link has no struct in_device or inet6_dev, as after an MTU that is too low
        std::vector<rtnl::Address> addresses;
    };
    struct Link {
        rtnl::Link object;
        std::uint32_t ups = 1, downs = 1;
        Family inet, inet6;
        Family& family(std::uint8_t family) { return family == AF_INET ? inet : inet6; }
    };

    std::uint32_t upto(std::uint32_t n) { return random_() % n; }
    Link* any_link();
    void add_link(std::uint32_t ifindex);
    void delete_link(std::uint32_t ifindex);
    void change_link(Link&);
    void add_address(Link&, std::uint8_t family);
    void change_address(Family&);
    void delete_address(Family&);
    void disable(Family&);
    void say(rtnl::Update);

    std::vector<std::uint32_t> bucket(std::uint32_t number) const;
    bool fill_by_index(Datagram&);
    bool fill_by_hash(Datagram&);
    bool fill_link(Datagram&, const Link&);
    bool fill_addresses(Datagram&, const Family&);
    bool put(Datagram&, rtnl::Update) const;

    Style style_;
    std::mt19937& random_;
    std::map<std::uint32_t, Link> links_;
    std::vector<std::uint32_t> newest_first_;
    std::uint32_t next_ifindex_ = 1;
    std::uint32_t made_ = 0;

    std::deque<rtnl::Update> events_;
    bool congested_ = false, overrun_ = false;
    std::uint64_t dropped_ = 0;

    struct Cursor {
        state::Pass::Part part;
        std::uint32_t ifindex = 0;    // by index: the link to go on with
        std::uint32_t bucket = 0;     // by hash: likewise,
        std::size_t nth_link = 0;     // … and its place in there
        std::size_t nth_address = 0;  // of that link's addresses
        bool ended = false;
    } cursor_;
};

}  // namespace nlwatch::test
