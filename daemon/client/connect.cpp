#include "client/connect.hpp"

#include <grp.h>
#include <pwd.h>
#include <spdlog/fmt/fmt.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "client/print.hpp"
#include "failure.hpp"
#include "record/safe_text.hpp"
#include "version.hpp"

namespace nlwatch::client {

namespace {

std::string user_name(uid_t id) {
    const passwd* user = ::getpwuid(id);
    return user ? user->pw_name : std::to_string(id);
}

std::string group_name(gid_t id) {
    const ::group* group = ::getgrgid(id);
    return group ? group->gr_name : std::to_string(id);
}

// By the user database; a session keeps the groups that it began with.
bool is_member(gid_t id) {
    const passwd* user = ::getpwuid(::geteuid());
    if (!user) return false;
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(user->pw_name, user->pw_gid, groups.data(), &count) < 0) return false;
    groups.resize(static_cast<std::size_t>(count));
    return std::find(groups.begin(), groups.end(), id) != groups.end();
}

std::string how_to_get_in(const std::string& path, Purpose purpose) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return fmt::format("its folder cannot be looked into ({})", std::strerror(errno));
    if ((status.st_mode & S_IWGRP) == 0) {
        const std::string owner = user_name(status.st_uid);
        return fmt::format("only {} may; try {}", owner,
                           status.st_uid == 0 ? "sudo" : fmt::format("sudo -u {}", owner));
    }
    const std::string group = group_name(status.st_gid);
    if (purpose == Purpose::read && is_member(status.st_gid))
        return fmt::format(
            "it is for the group {}, to which you belong by now, but not in this session: log in again",
            group);
    return fmt::format("it is for the group {}: join it with 'sudo usermod -aG {} {}' and log in again",
                       group, group, user_name(::geteuid()));
}

Failure refusal(const std::string& path, Purpose purpose, int error) {
    const std::string place = record::safe(path);
    if (error == EACCES || error == EPERM)
        return {
            exit_code::permission,
            fmt::format("no permission to use {}: {}{}", place, how_to_get_in(path, purpose),
                        purpose == Purpose::read ? "; or use 'nlwatch monitor', which needs no daemon" : "")};
    if (error == EAGAIN)
        return {
            exit_code::unreachable,
            fmt::format("the daemon at {} takes no connections, so many wait already: is it stuck?", place)};
    return {exit_code::unreachable,
            fmt::format(
                "no daemon answers at {}: {}; start one with 'nlwatch run', or say where it is with --dir",
                place, std::strerror(error))};
}

}  // namespace

boost::asio::local::stream_protocol::socket connect(boost::asio::any_io_executor executor,
                                                    const std::string& path, Purpose purpose) {
    using boost::asio::local::stream_protocol;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        throw Failure{exit_code::usage,
                      fmt::format("the path {} is too long for a socket: it may have {} bytes",
                                  record::safe(path), sizeof address.sun_path - 1)};
    path.copy(address.sun_path, path.size());
    // Not Asio's connect: where the queue is full it takes the kernel's EAGAIN for a connection under way.
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) throw Failure{exit_code::failure, fmt::format("no socket: {}", std::strerror(errno))};
    stream_protocol::socket socket{executor, stream_protocol{}, fd};
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw refusal(path, purpose, errno);
    return socket;
}

void warn_of_other_version(const std::string& version) {
    if (version.empty() || version == NLWATCH_VERSION) return;
    tell(fmt::format("the daemon is version {}, this program {}", record::safe(version), NLWATCH_VERSION));
}

}  // namespace nlwatch::client
