#include "sink/unix_listener.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace nlwatch::sink {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds lock_patience{2};

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

[[noreturn]] void fail(const std::string& path, std::string_view why, std::string_view what_to_do) {
    throw std::runtime_error("cannot listen on " + path + ": " + std::string(why) + "; " +
                             std::string(what_to_do));
}

std::string reason(int error) { return std::generic_category().message(error); }

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        fail(path, "the path of a socket has 1 to " + std::to_string(sizeof address.sun_path - 1) + " bytes",
             "choose another folder (--dir)");
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// Held while a path is looked at and bound, so that two processes do it one after the other. Whoever may read
// the folder can hold its lock: it is waited for as long as binding takes others, and no longer.
Descriptor lock_folder(const std::string& path) {
    const std::string folder = folder_of(path);
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        const int error = errno;
        fail(path, folder + ": " + reason(error),
             error == ENOENT ? "make the folder, or choose another (--dir)"
                             : "give this user access to the folder, or choose another (--dir)");
    }
    Descriptor opened(fd);
    const auto until = std::chrono::steady_clock::now() + lock_patience;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR)) {
        if (std::chrono::steady_clock::now() > until)
            fail(path, "another process holds the lock of " + folder,
                 "end it (lslocks shows it), or choose another folder (--dir)");
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return opened;
}

gid_t group_named(const std::string& path, const std::string& name) {
    std::vector<char> space(1024);
    group entry{};
    group* found = nullptr;
    int error;
    while ((error = getgrnam_r(name.c_str(), &entry, space.data(), space.size(), &found)) == ERANGE)
        space.resize(2 * space.size());
    if (!found)
        fail(path, "there is no group '" + name + "'" + (error ? " (" + reason(error) + ")" : ""),
             "make it (groupadd), or name another in the configuration");
    return found->gr_gid;
}

Descriptor unix_socket(const std::string& path) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) fail(path, "no socket: " + reason(errno), "free descriptors, or raise their limit");
    return Descriptor(fd);
}

// Removes what nobody listens on any more.
void replace_stale(const std::string& path, const sockaddr_un& address) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return;
        fail(path, reason(errno), "give this user access to the folder, or choose another (--dir)");
    }
    if (!S_ISSOCK(status.st_mode))
        fail(path, "there is a file that is not a socket", "move it away, or choose another folder (--dir)");
    const Descriptor probe = unix_socket(path);
    const bool answered =
        connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    // EAGAIN: the queue of a listener is full; EPROTOTYPE: of another socket type.
    if (answered || errno == EAGAIN || errno == EPROTOTYPE)
        fail(path, "another process listens there", "stop it, or choose another folder (--dir)");
    if (errno == ENOENT) return;
    if (errno != ECONNREFUSED)
        fail(path, "cannot tell whether another process listens there: " + reason(errno),
             "remove the file if none does");
    if (unlink(path.c_str()) != 0 && errno != ENOENT)
        fail(path, "cannot remove the stale socket file: " + reason(errno), "remove it");
}

}  // namespace

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
    struct stat status {};
    if (lstat(path_.c_str(), &status) != 0) path_.clear();
    device_ = status.st_dev;
    inode_ = status.st_ino;
}

SocketFile::SocketFile(SocketFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), device_(other.device_), inode_(other.inode_) {}

SocketFile& SocketFile::operator=(SocketFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(device_, other.device_);
    std::swap(inode_, other.inode_);
    return *this;
}

SocketFile::~SocketFile() {
    struct stat status {};
    if (!path_.empty() && lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
        status.st_ino == inode_)
        unlink(path_.c_str());
}

UnixListener listen_unix(asio::any_io_executor executor, const UnixAddress& wanted) {
    const std::string& path = wanted.path;
    const sockaddr_un address = address_of(path);
    std::optional<gid_t> group;
    if (!wanted.group.empty()) group = group_named(path, wanted.group);

    const Descriptor folder = lock_folder(path);
    replace_stale(path, address);
    Descriptor socket = unix_socket(path);
    // Linux makes the file with the mode that the unbound socket has (unix_bind()): open to nobody until all
    // is set.
    if (fchmod(socket.get(), 0600) != 0 ||
        bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail(path, reason(errno), "give this user write access to the folder, or choose another (--dir)");
    SocketFile file(path);
    if (group && lchown(path.c_str(), static_cast<uid_t>(-1), *group) != 0)
        fail(path, "cannot give it to the group '" + wanted.group + "': " + reason(errno),
             "run as root or as a member of the group, or name another in the configuration");
    if (chmod(path.c_str(), wanted.mode) != 0)
        fail(path, "cannot set its mode: " + reason(errno), "check the folder");
    if (listen(socket.get(), SOMAXCONN) != 0) fail(path, reason(errno), "choose another folder (--dir)");

    asio::local::stream_protocol::acceptor acceptor(std::move(executor));
    acceptor.assign(asio::local::stream_protocol(), socket.get());
    socket.release();
    return {std::move(acceptor), std::move(file)};
}

}  // namespace nlwatch::sink
