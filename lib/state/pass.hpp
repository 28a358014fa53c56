// A pass: one attempt to learn the whole truth. What a window of events and the dumps made in it prove
// together.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_set>
#include <vector>

#include "state/network_state.hpp"

namespace nlwatch::state {

// Knows keys; knows neither time nor sockets. The rules, each found by experiment on Linux 6.1 and 6.18:
//  - The kernel fills a dump's datagram under a lock, and queues it after unlocking: a row may be older than
//  an event that
//    was read before it. So a key that an event of the window touched keeps what the event said.
//  - A dump that spans datagrams remembers its place by count. What is deleted meanwhile shifts rows out, and
//    NLM_F_DUMP_INTR does not always tell. So a missing row is a deletion only where nothing could have
//    shifted it.
// The window opens with the constructor and closes with the last slice of settle(): until then every event
// must be told.
class Pass {
public:
    // What one dump asks for.
    struct Part {
        rtnl::Kind kind{};
        std::uint8_t family{};    // AF_INET or AF_INET6; 0 for links
        std::uint32_t ifindex{};  // 0: all; else the addresses of this link
        auto operator<=>(const Part&) const = default;
    };
    // The parts that make up everything, in the order in which they must be dumped.
    static std::vector<Part> everything();

    // `learnt` is how differences are published; its `now` is replaced by that of settle().
    Pass(const NetworkState&, const NetworkState::Learnt& learnt);

    void event(const rtnl::Update&);  // as it arrives, before or after the table takes it
    // One datagram of the dump of `part`, then (or in between) its rows. `last_ifindex`: of its last row, 0
    // if it has none. `done`: NLMSG_DONE is in it, too.
    void datagram(const Part&, std::size_t bytes, std::uint32_t last_ifindex, bool done);
    void row(rtnl::Update);
    // A row of that dump that could not be read. It may have been of any object that the part covers, so none
    // is gone.
    void unreadable_row(const Part&);
    // The dump has ended; `error` is a positive errno or 0. ENODEV means: no rows, since that link is gone.
    void dumped(const Part&, int error);

    // After the last barrier, and the drain behind it: nothing that was changed before is still under way.
    void close();
    // Brings the table to what was proven, `budget` rows at a time, until true. In between, events go on
    // winning.
    bool settle(NetworkState&, std::size_t budget, Time now);
    // After settle(): what must be dumped again. Empty = clean: the table is the kernel's.
    const std::vector<Part>& incomplete() const { return incomplete_; }

private:
    struct Dump {
        Part part;
        int error = 0;
        std::size_t datagrams = 0;   // with rows in it
        std::size_t last_bytes = 0;  // size of the last of them
        bool done_in_last = false;
        bool unreadable_rows = false;
        std::uint32_t end_of_last = 0;      // the link whose row ended the last
        std::vector<std::uint32_t> cuts{};  // the links whose rows ended the others
    };
    Dump& dump_of(const Part&);
    bool whole(const Dump&) const;
    void judge(const Dump&);
    void judge_all_links(const Dump&);
    bool touched(const rtnl::Key&) const;
    bool proven_gone(const rtnl::Key&) const;
    bool erase_missing(NetworkState&, rtnl::Kind, std::size_t& budget);
    void conclude();

    const NetworkState& state_;
    NetworkState::Learnt learnt_;
    std::uint64_t replaced_before_;

    struct KeyHash {
        std::size_t operator()(const rtnl::Key&) const;
    };
    std::unordered_set<rtnl::Key, KeyHash> touched_;
    std::set<std::uint32_t> links_deleted_;  // DELLINK in the window
    std::set<std::pair<std::uint8_t, std::uint32_t>> addresses_touched_, addresses_deleted_,
        orphaned_;  // (family, link); orphaned: of a link that is not in the table

    std::vector<Dump> dumps_;
    std::vector<rtnl::Key> seen_;  // every key of a row; sorted by close()
    std::vector<rtnl::Update>
        differing_;  // rows that differ from the table; links before addresses after close()

    // The verdict.
    std::set<Part> complete_;
    std::vector<Part> incomplete_;

    // Where settle() stands.
    enum class Step : std::uint8_t { rows, missing_addresses, missing_links, done } step_ = Step::rows;
    std::size_t next_row_ = 0;
    std::optional<rtnl::Key> walked_;
};

}  // namespace nlwatch::state
