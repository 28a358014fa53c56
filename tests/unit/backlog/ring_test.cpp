#include "backlog/ring.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>

namespace nlwatch::backlog {
namespace {

void append(Ring& ring, std::string_view line) {
    record::Entry entry;
    entry.ifindex = static_cast<std::uint32_t>(ring.next());  // to know it again by
    ring.append(entry, line);
}

TEST(Ring, IsEmptyAtFirst) {
    const Ring ring(1024);
    EXPECT_EQ(ring.next(), 1u);
    EXPECT_EQ(ring.first_good(), 1u);
    EXPECT_EQ(ring.records(), 0u);
    EXPECT_EQ(ring.bytes(), 0u);
}

TEST(Ring, HoldsWhatFits) {
    Ring ring(100);
    append(ring, std::string(40, 'a'));
    append(ring, std::string(60, 'b'));
    EXPECT_EQ(ring.first_good(), 1u);
    EXPECT_EQ(ring.line(1), std::string(40, 'a'));
    EXPECT_EQ(ring.line(2), std::string(60, 'b'));
    EXPECT_EQ(ring.entry(2).ifindex, 2u);
    EXPECT_EQ(ring.entry(2).size, 60u);
    EXPECT_EQ(ring.bytes(), 100u);
}

TEST(Ring, LetsTheOldestMakeRoom) {
    Ring ring(100);
    append(ring, std::string(40, 'a'));
    append(ring, std::string(60, 'b'));
    append(ring, std::string(10, 'c'));
    EXPECT_EQ(ring.first_good(), 2u);
    EXPECT_EQ(ring.line(2), std::string(60, 'b'));
    EXPECT_EQ(ring.line(3), std::string(10, 'c'));
}

TEST(Ring, WrapsNoLine) {
    Ring ring(100);
    append(ring, std::string(40, 'a'));
    append(ring, std::string(40, 'b'));
    append(ring, std::string(30, 'c'));  // 20 bytes are left at the end, which stay empty
    EXPECT_EQ(ring.first_good(), 2u);
    EXPECT_EQ(ring.line(2), std::string(40, 'b'));
    EXPECT_EQ(ring.line(3), std::string(30, 'c'));
    EXPECT_EQ(ring.line(3).data() + 40, ring.line(2).data());
}

TEST(Ring, HoldsOneLineAsLargeAsItself) {
    Ring ring(100);
    append(ring, std::string(10, 'a'));
    append(ring, std::string(100, 'b'));
    EXPECT_EQ(ring.first_good(), 2u);
    EXPECT_EQ(ring.line(2), std::string(100, 'b'));
}

TEST(Ring, NumbersALineTooLargeToHold) {
    Ring ring(100);
    append(ring, std::string(10, 'a'));
    append(ring, std::string(101, 'b'));
    EXPECT_EQ(ring.next(), 3u);
    EXPECT_EQ(ring.first_good(), 3u);
    EXPECT_EQ(ring.records(), 0u);
    EXPECT_EQ(ring.bytes(), 0u);
    append(ring, std::string(10, 'c'));
    EXPECT_EQ(ring.first_good(), 3u);
    EXPECT_EQ(ring.line(3), std::string(10, 'c'));
}

TEST(Ring, BoundsItsRecordsToo) {
    Ring ring(64 * 1024);
    for (int i = 0; i < 1000; ++i) append(ring, "x");
    EXPECT_EQ(ring.records(), 64u * 1024 / 512);
    EXPECT_EQ(ring.line(1000), "x");
    EXPECT_EQ(ring.entry(ring.first_good()).ifindex, ring.first_good());
}

TEST(Ring, AgreesWithALongMemory) {
    std::mt19937 random(1);
    Ring ring(5000);
    std::deque<std::string> memory;  // of seq 1, 2, …
    for (int i = 0; i < 20'000; ++i) {
        const std::size_t size = random() % 50 == 0 ? random() % 6000 : 1 + random() % 700;
        memory.push_back(std::string(size, static_cast<char>('a' + i % 26)));
        append(ring, memory.back());
        ASSERT_LE(ring.bytes(), 5000u);
        std::size_t bytes = 0;
        for (std::uint64_t seq = ring.first_good(); seq < ring.next(); ++seq) {
            ASSERT_EQ(ring.line(seq), memory[seq - 1]);
            ASSERT_EQ(ring.entry(seq).ifindex, seq);
            bytes += memory[seq - 1].size();
        }
        ASSERT_EQ(ring.bytes(), bytes);
        ASSERT_TRUE(ring.records() > 0 || size > 5000) << "the newest is held";
    }
}

}  // namespace
}  // namespace nlwatch::backlog
