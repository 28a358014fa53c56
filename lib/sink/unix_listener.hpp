// A listening Unix stream socket with a path: how a door is opened when nobody passed it in.
#pragma once
#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <string>

namespace nlwatch::sink {

// A socket file that was bound here. Removed when this goes, unless another has taken its place.
class SocketFile {
public:
    SocketFile() = default;
    explicit SocketFile(std::string path);  // it must be there
    SocketFile(SocketFile&&) noexcept;
    SocketFile& operator=(SocketFile&&) noexcept;
    ~SocketFile();

    const std::string& path() const { return path_; }

private:
    std::string path_;  // empty: none
    dev_t device_{};
    ino_t inode_{};
};

struct UnixListener {
    boost::asio::local::stream_protocol::acceptor acceptor;
    SocketFile file;
};

struct UnixAddress {
    std::string path;
    mode_t mode = 0600;
    std::string group;  // name; empty: the process's own
};

// Binds and listens; at no moment is the socket open to more than `mode` and `group` say. A stale socket
// file, which nobody listens on, is replaced; two processes that try at once do not replace each other's.
// Throws std::runtime_error that says what, where, why and what to do: a live socket, another kind of file,
// no such folder or group, no permission.
UnixListener listen_unix(boost::asio::any_io_executor, const UnixAddress&);

}  // namespace nlwatch::sink
