#include "netns/namespace.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

namespace nlwatch::test {

namespace {

// A descriptor of a new namespace; negative, and errno set, if there can be none. The caller stays where it
// is.
int make() {
    int fd = -1, error = 0;
    std::thread{[&] {
        if (::unshare(CLONE_NEWNET) == 0) fd = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
        error = errno;
    }}.join();
    errno = error;
    return fd;
}

}  // namespace

Namespace::Namespace() : fd_(make()) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "cannot make a network namespace");
}

Namespace::~Namespace() { ::close(fd_); }

void Namespace::enter() const {
    if (::setns(fd_, CLONE_NEWNET) < 0)
        throw std::system_error(errno, std::generic_category(), "cannot enter a network namespace");
}

bool may_make_namespaces() {
    const int fd = make();
    if (fd < 0) return false;
    ::close(fd);
    return true;
}

}  // namespace nlwatch::test
