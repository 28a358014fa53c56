#include "doors.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "failure.hpp"

namespace nlwatch::doors {

namespace {

constexpr const char* system_folder = "/run/nlwatch";

std::string user_folder() {
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    return runtime && *runtime ? std::string{runtime} + "/nlwatch" : std::string{};
}

void make(const std::string& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return;
    throw Failure{exit_code::failure,
                  fmt::format("cannot make the folder {} for the sockets: {}; choose another with --dir",
                              path, std::strerror(errno))};
}

bool exists(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 || errno == EACCES;
}

}  // namespace

Folder for_daemon(const std::string& option, const std::string& configured) {
    const bool root = ::geteuid() == 0;
    if (!option.empty()) return {option, root};
    if (!configured.empty()) return {configured, root};
    if (root) {
        make(system_folder, 0755);
        return {system_folder, true};
    }
    const std::string own = user_folder();
    if (own.empty())
        throw Failure{exit_code::usage,
                      "no folder for the sockets: XDG_RUNTIME_DIR is not set; say where with --dir DIR"};
    make(own, 0700);
    return {own, false};
}

std::string socket(const std::string& option, const char* door) {
    if (!option.empty()) return option + "/" + door;
    const std::string system = std::string{system_folder} + "/" + door;
    if (exists(system)) return system;
    const std::string own = user_folder();
    if (!own.empty() && exists(own + "/" + door)) return own + "/" + door;
    throw Failure{
        exit_code::unreachable,
        fmt::format(
            "no daemon: {} is not there; start one with 'nlwatch run', say where it is with --dir, or use "
            "'nlwatch monitor', which needs none",
            system)};
}

}  // namespace nlwatch::doors
