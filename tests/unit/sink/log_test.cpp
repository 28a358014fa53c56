#include "sink/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <fstream>

#include "little_world.hpp"
#include "sink/pump.hpp"
#include "temporary_folder.hpp"

namespace nlwatch::sink {
namespace {

namespace asio = boost::asio;

struct LogSinkTest : testing::Test {
    // Opens what stands there.
    void start(bool json, const std::string& at) {
        sink.emplace(settings(json, at));
        backlog::Request request;
        request.snapshot = false;
        feed.emplace(world.backlog, std::move(request));
        world.backlog.begin();
        asio::co_spawn(world.reactor, pump(*feed, *sink, world.wake_up),
                       asio::bind_cancellation_slot(cancel.slot(), [this](std::exception_ptr bug) {
                           EXPECT_FALSE(bug);
                           ended = true;
                       }));
        world.settle();  // it begins here
    }
    LogSink::Settings settings(bool json, const std::string& at) {
        LogSink::Settings settings;
        settings.output = std::make_shared<Output>(at);
        settings.alone = true;
        settings.json = json;
        settings.line = [](std::string_view text, std::string& to) {
            to.append("log: ").append(text).append("\n");
        };
        settings.tell = [this](Tone tone, std::string_view words) {
            EXPECT_EQ(tone, Tone::loss);
            told.emplace_back(words);
        };
        return settings;
    }
    void TearDown() override {
        sink->stop();
        cancel.emit(asio::cancellation_type::terminal);
        EXPECT_TRUE(world.until([&] { return ended; }));
    }
    std::string content() const {
        std::ifstream file{path};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    std::uint64_t dropped(Counters::Drop why) const {
        return sink->counters().dropped[static_cast<std::size_t>(why)];
    }

    test::LittleWorld world{16 * 1024};
    test::TemporaryFolder folder;
    const std::string path = folder.path() + "/log";
    std::optional<LogSink> sink;
    std::optional<backlog::Feed> feed;
    asio::cancellation_signal cancel;
    std::vector<std::string> told;
    bool ended = false;
};

TEST_F(LogSinkTest, WritesALineOfTextARecord) {
    start(false, path);
    world.link(2, 1500);
    world.link(2, 1400);
    world.wake_up.notify();
    ASSERT_TRUE(world.until([&] { return sink->counters().delivered == 2; }));
    const auto lines = test::lines_of(content());
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_TRUE(lines[0].starts_with("log: eth2 ")) << lines[0];
    EXPECT_NE(lines[1].find("1500"), std::string::npos) << lines[1];
    EXPECT_NE(lines[1].find("1400"), std::string::npos) << lines[1];
    EXPECT_TRUE(world.until([&] { return feed->lag() == 0; }));
}

TEST_F(LogSinkTest, WritesTheRecordItselfAndNothingOfTheStream) {
    start(true, path);
    world.link(2, 1500);
    world.wake_up.notify();
    ASSERT_TRUE(world.until([&] { return sink->counters().delivered == 1; }));
    const auto lines = test::lines_of(content());
    ASSERT_EQ(lines.size(), 1u);  // no hello
    ASSERT_TRUE(lines[0].starts_with("log: {")) << lines[0];
    EXPECT_EQ(test::type_of(lines[0].substr(5)), "link.added");
}

TEST_F(LogSinkTest, OneThatIsNotReadIsToldWhatItMissed) {
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(reader, 0);
    start(true, path);
    // Far more than the pipe, the batch and the ring hold together; the reactor goes on all the while.
    for (int i = 0; i < 40; ++i) {
        world.churn(50);
        world.settle();
    }
    EXPECT_FALSE(ended);
    EXPECT_GT(feed->lag(), 0u);
    EXPECT_TRUE(sink->standing().waiting);

    std::string text;
    char part[4096];
    EXPECT_TRUE(world.until([&] {
        const ssize_t got = ::read(reader, part, sizeof part);
        if (got > 0) text.append(part, static_cast<std::size_t>(got));
        return feed->lag() == 0 && got <= 0;
    }));
    std::uint64_t gaps = 0, records = 0;
    for (const std::string& line : test::lines_of(text)) {
        ASSERT_TRUE(line.starts_with("log: {")) << line;
        ++(test::type_of(line.substr(5)) == "gap" ? gaps : records);
    }
    EXPECT_GE(gaps, 1u);
    EXPECT_EQ(dropped(Counters::Drop::gap) + records, world.backlog.head());
    ::close(reader);
}

TEST_F(LogSinkTest, AFullDiskLosesLinesAndIsTold) {
    start(false, "/dev/full");
    world.link(2, 1500);
    world.wake_up.notify();
    ASSERT_TRUE(world.until([&] { return !told.empty(); }));
    EXPECT_NE(told.front().find("No space left on device"), std::string::npos) << told.front();
    EXPECT_NE(sink->standing().last_error.find("No space"), std::string::npos);
    EXPECT_EQ(dropped(Counters::Drop::rejected), 1u);
    EXPECT_FALSE(sink->standing().up);
    EXPECT_FALSE(ended) << "there may be room again";
}

TEST_F(LogSinkTest, GoesOnInAnotherFileAndFormWhenItIsChanged) {
    start(true, path);
    world.link(2, 1500);
    world.wake_up.notify();
    ASSERT_TRUE(world.until([&] { return sink->counters().delivered == 1; }));
    const std::string other = folder.path() + "/other";
    sink->set(settings(false, other));
    world.link(2, 1400);
    world.wake_up.notify();
    ASSERT_TRUE(world.until([&] { return sink->counters().delivered == 2; }));
    EXPECT_EQ(test::lines_of(content()).size(), 1u);
    std::ifstream file{other};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_TRUE(text.starts_with("log: eth2 ")) << text;
    ASSERT_TRUE(sink->standing().position);
    EXPECT_EQ(sink->standing().position->seq, 2u);
}

}  // namespace
}  // namespace nlwatch::sink
