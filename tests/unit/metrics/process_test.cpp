#include "metrics/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <vector>

namespace nlwatch::metrics {
namespace {

TEST(Process, TellsAllOnLinux) {
    const Process process = read_process();
    ASSERT_TRUE(process.cpu_seconds && process.resident_bytes && process.virtual_bytes && process.open_fds &&
                process.start_time_seconds);
    EXPECT_GT(*process.cpu_seconds, 0);
    EXPECT_GT(*process.resident_bytes, 100'000u);
    EXPECT_GT(*process.virtual_bytes, *process.resident_bytes);
}

TEST(Process, CountsDescriptors) {
    const auto before = *read_process().open_fds;
    const int opened = ::open("/dev/null", O_RDONLY);
    EXPECT_EQ(*read_process().open_fds, before + 1);
    ::close(opened);
    EXPECT_EQ(*read_process().open_fds, before);
}

TEST(Process, KnowsTheLimitOfDescriptors) {
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
    const rlimit fewer{77, old.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &fewer), 0);
    EXPECT_EQ(read_process().max_fds, 77u);
    ::setrlimit(RLIMIT_NOFILE, &old);
}

TEST(Process, StartedBeforeNowAndAlwaysAtTheSameTime) {
    const auto started = read_process().start_time_seconds;
    using std::chrono::duration;
    EXPECT_LT(*started, duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
    EXPECT_EQ(read_process().start_time_seconds, started);
}

// A scrape that comes while no descriptor is left gets what can be told without.
TEST(Process, DoesWithoutDescriptors) {
    read_process();
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
    const rlimit none{0, old.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const Process process = read_process();
    ::setrlimit(RLIMIT_NOFILE, &old);
    EXPECT_EQ(process.open_fds, std::nullopt);
    EXPECT_EQ(process.resident_bytes, std::nullopt);
    EXPECT_TRUE(process.cpu_seconds);
    EXPECT_TRUE(process.start_time_seconds) << "was read before";
}

}  // namespace
}  // namespace nlwatch::metrics
