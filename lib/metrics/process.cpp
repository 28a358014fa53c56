#include "metrics/process.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>
#include <string>

namespace nlwatch::metrics {

namespace {

std::optional<double> seconds(clockid_t clock) {
    timespec time{};
    if (::clock_gettime(clock, &time) != 0) return std::nullopt;
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Those that this reading opens are not counted.
std::optional<std::uint64_t> open_descriptors() {
    DIR* folder = ::opendir("/proc/self/fd");
    if (!folder) return std::nullopt;
    std::uint64_t count = 0;
    while (const dirent* entry = ::readdir(folder))
        if (entry->d_name[0] != '.') ++count;
    ::closedir(folder);
    return count - 1;
}

// Clock ticks from the system's start to the process's: field 22 of proc(5)'s stat. The command's name, in
// brackets, may hold anything.
std::optional<std::uint64_t> start_ticks() {
    std::ifstream file{"/proc/self/stat"};
    const std::string stat{std::istreambuf_iterator<char>{file}, {}};
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream fields{stat.substr(name_end + 1)};
    std::string field;
    for (int number = 3; number <= 22; ++number)
        if (!(fields >> field)) return std::nullopt;
    std::uint64_t ticks{};
    const auto read = std::from_chars(field.data(), field.data() + field.size(), ticks);
    return read.ec == std::errc{} ? std::optional{ticks} : std::nullopt;
}

// Not from /proc/stat, which a unit with ProcSubset=pid does not see.
std::optional<double> start_time() {
    const auto ticks = start_ticks();
    const auto now = seconds(CLOCK_REALTIME), since_boot = seconds(CLOCK_BOOTTIME);
    if (!ticks || !now || !since_boot) return std::nullopt;
    return *now - *since_boot + static_cast<double>(*ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

Process read_process() {
    // Computed once: the clocks move against each other, and a start time that moves reads as a restart.
    static const std::optional<double> started = start_time();
    Process process{.cpu_seconds = seconds(CLOCK_PROCESS_CPUTIME_ID),
                    .resident_bytes = {},
                    .virtual_bytes = {},
                    .open_fds = open_descriptors(),
                    .max_fds = {},
                    .start_time_seconds = started};
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::uint64_t size{}, resident{};
    if (std::ifstream statm{"/proc/self/statm"}; statm >> size >> resident) {
        process.virtual_bytes = size * page;
        process.resident_bytes = resident * page;
    }
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        process.max_fds = limit.rlim_cur;
    return process;
}

}  // namespace nlwatch::metrics
