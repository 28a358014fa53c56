#include "identity.hpp"

#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include <climits>
#include <random>

#include "version.hpp"

namespace nlwatch {

namespace {

// Makes host_id differ from what other programs derive from the same machine id. Random, once and for all.
constexpr sd_id128_t application =
    SD_ID128_ARRAY(9f, c5, c2, 08, f5, dd, 43, a9, 95, 0d, 07, 0f, 85, 95, 55, 04);

std::string to_text(sd_id128_t id) {
    char text[SD_ID128_STRING_MAX];
    return sd_id128_to_string(id, text);
}

std::uint64_t random_number() {
    std::uint64_t number{};
    if (::getrandom(&number, sizeof number, 0) != sizeof number) number = std::random_device{}();
    return number;
}

std::uint64_t netns_cookie() {
    std::uint64_t cookie{};
    socklen_t length = sizeof cookie;
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return 0;
    ::getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length);
    ::close(fd);
    return cookie;
}

}  // namespace

record::Identity new_identity() {
    record::Identity identity;
    identity.run = random_number();
    identity.version = NLWATCH_VERSION;
    char name[HOST_NAME_MAX + 1]{};
    if (::gethostname(name, HOST_NAME_MAX) == 0) identity.host_name = name;
    sd_id128_t id{};
    if (sd_id128_get_machine_app_specific(application, &id) >= 0) identity.host_id = to_text(id);
    if (sd_id128_get_boot(&id) >= 0) identity.boot_id = to_text(id);
    identity.netns_cookie = netns_cookie();
    struct stat netns {};
    if (::stat("/proc/self/ns/net", &netns) == 0) identity.netns_inode = netns.st_ino;
    return identity;
}

}  // namespace nlwatch
