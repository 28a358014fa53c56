#include "sink/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <thread>

#include "temporary_folder.hpp"

namespace nlwatch::sink {
namespace {

std::string missing(std::uint64_t lines) { return std::to_string(lines) + " lines are missing\n"; }

std::string content(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

template <class Condition>
bool until(Condition condition) {
    for (int i = 0; i < 60'000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return false;
}

struct Pipe {
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category());
    }
    ~Pipe() {
        for (const int end : ends)
            if (end >= 0) ::close(end);
    }
    // What comes until the text ends so, or for as long as the longest patience.
    std::string read_until(std::string_view end) {
        std::string text;
        std::array<char, 65536> part;
        while (!text.ends_with(end)) {
            pollfd polled{ends[0], POLLIN, 0};
            if (::poll(&polled, 1, 60'000) != 1) return text + " … and no more";
            const ssize_t got = ::read(ends[0], part.data(), part.size());
            if (got <= 0) break;
            text.append(part.data(), static_cast<std::size_t>(got));
        }
        return text;
    }
    std::array<int, 2> ends{-1, -1};
};

bool written(Output& output, const std::string& text) {
    boost::asio::io_context io{1};
    bool result = false;
    boost::asio::co_spawn(
        io, [&]() -> boost::asio::awaitable<void> { result = co_await output.write(text); },
        boost::asio::detached);
    io.run();
    return result;
}

TEST(Output, WritesWhatIsOfferedInOrder) {
    Pipe pipe;
    Output output{pipe.ends[1]};
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(output.offer(std::to_string(i) + "\n"));
    const std::string text = pipe.read_until("\n99\n");
    EXPECT_TRUE(text.starts_with("0\n1\n2\n")) << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 100);
}

TEST(Output, OfferedLinesNeverWaitAndThoseLostAreSummedUp) {
    Pipe pipe;
    Output output{pipe.ends[1]};
    output.tell_lost_by(missing);
    const std::string line(1'000, 'x');
    std::uint64_t taken = 0, refused = 0;
    // Nobody reads: the pipe takes some, the waiting room some more, and then there is no room.
    for (int i = 0; i < 10'000 && refused < 10; ++i) ++(output.offer(line + "\n") ? taken : refused);
    ASSERT_EQ(refused, 10u);
    EXPECT_GT(taken, 256u);
    std::string text;
    text = pipe.read_until("missing\n");  // where they are missing: behind all that was taken
    ASSERT_TRUE(until([&] { return output.offer("back\n"); }));
    text += pipe.read_until("back\n");
    EXPECT_TRUE(text.ends_with("x\n10 lines are missing\nback\n")) << text.substr(text.size() - 200);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), static_cast<std::ptrdiff_t>(taken) + 2);
}

TEST(Output, EndsAlthoughNobodyReads) {
    Pipe pipe;
    Output output{pipe.ends[1]};
    for (int i = 0; i < 1'000; ++i) output.offer(std::string(1'000, 'x') + "\n");
    EXPECT_TRUE(until([&] {
        pollfd polled{pipe.ends[1], POLLOUT, 0};
        return ::poll(&polled, 1, 0) == 0;
    }));
}  // its destructor stops what waits, and joins the worker

TEST(Output, AFileIsAppendedTo) {
    test::TemporaryFolder folder;
    const std::string path = folder.path() + "/log";
    std::ofstream{path} << "before\n";
    Output output{path};
    EXPECT_TRUE(written(output, "after\n"));
    EXPECT_EQ(content(path), "before\nafter\n");
}

TEST(Output, AFileThatWasRenamedIsOpenedAnew) {
    test::TemporaryFolder folder;
    const std::string path = folder.path() + "/log";
    Output output{path};
    EXPECT_TRUE(written(output, "one\n"));
    ASSERT_EQ(std::rename(path.c_str(), (path + ".1").c_str()), 0);
    EXPECT_TRUE(written(output, "two\n"));
    output.reopen([](const std::string& why) { ADD_FAILURE() << why; });
    EXPECT_TRUE(written(output, "three\n"));
    EXPECT_EQ(content(path + ".1"), "one\ntwo\n");
    EXPECT_EQ(content(path), "three\n");
}

TEST(Output, AFileThatCannotBeOpenedAnewGoesOn) {
    test::TemporaryFolder folder;
    const std::string path = folder.path() + "/log";
    Output output{path};
    ASSERT_EQ(std::rename(path.c_str(), (path + ".1").c_str()), 0);
    ASSERT_EQ(::mkdir(path.c_str(), 0700), 0);
    std::string failed;
    output.reopen([&](const std::string& why) { failed = why; });
    EXPECT_TRUE(written(output, "still here\n"));  // behind it on the same worker
    EXPECT_EQ(failed, "Is a directory");
    EXPECT_EQ(content(path + ".1"), "still here\n");
}

TEST(Output, SaysWhichFileCannotBeOpened) {
    try {
        Output output{std::string{"/nowhere/log"}};
        FAIL() << "it was opened";
    } catch (const std::system_error& error) {
        EXPECT_STREQ(error.what(), "cannot open /nowhere/log for appending: No such file or directory");
    }
}

TEST(Output, AFullDiskIsAFailureAndNotTheEnd) {
    Output output{std::string{"/dev/full"}};
    output.tell_lost_by(missing);
    EXPECT_FALSE(written(output, "lost\n"));
    EXPECT_EQ(output.last_error(), ENOSPC);
    EXPECT_FALSE(written(output, "lost, too\n"));
}

}  // namespace
}  // namespace nlwatch::sink
