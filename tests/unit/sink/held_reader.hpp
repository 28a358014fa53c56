// A reader of a made-up network through the rule that holds edges down, in few words.
#pragma once
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sink/hold_down.hpp"
#include "unit/backlog/world.hpp"

namespace nlwatch::test {

using Words = std::vector<std::string>;

inline backlog::Request without_snapshot() {
    backlog::Request request;
    request.snapshot = false;
    return request;
}

// "1 down 2": record 1, of link 2. Of other types than link.changed: "4 link.removed 2", "7 gap".
inline std::string words(const backlog::Line& line) {
    std::string text = std::to_string(line.position.seq);
    if (!line.entry) return text + " " + std::string(line.type);
    const bool up = line.entry->transitions & record::transition::state_up;
    const bool down = line.entry->transitions & record::transition::state_down;
    text.append(" ").append(line.type != "link.changed" ? line.type : up ? "up" : down ? "down" : "mtu");
    return text + " " + std::to_string(line.entry->ifindex);
}

// What reads a world's records through the rule.
struct HeldReader {
    HeldReader(World& of, sink::HoldDown::Delays delays, backlog::Request request = without_snapshot())
        : world(of), rule(delays, request), feed(of.backlog, request) {
        read();
    }
    Words read() {
        Words lines;
        do {
            while (const auto line = rule.next(feed, world.now())) {
                EXPECT_EQ(std::string(line->text).find("{\"schema\":1,"), 0u);
                lines.push_back(words(*line));
            }
        } while (feed.behind());
        return lines;
    }
    std::string due() const {
        const auto due = rule.due();
        return due ? in_words(*due - world.now().monotonic) : "never";
    }
    // Of what is held: "5000 ms".
    std::string age() const {
        const auto oldest = rule.oldest();
        return oldest ? in_words(world.now().monotonic - *oldest) : "none";
    }
    std::optional<std::uint64_t> place() const {
        const auto position = rule.position(feed);
        return position ? std::optional{position->seq} : std::nullopt;
    }

    static std::string in_words(state::Time::duration time) {
        return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + " ms";
    }

    World& world;
    sink::HoldDown rule;
    backlog::Feed feed;
};

}  // namespace nlwatch::test
