#include "sink/output.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <climits>
#include <system_error>

namespace nlwatch::sink {

namespace asio = boost::asio;

Output::Output(int descriptor) : descriptor_(descriptor), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (stop_ < 0) throw std::system_error(errno, std::generic_category(), "cannot make an eventfd");
    struct stat status {};
    regular_file_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
}

Output::~Output() {
    stop();
    worker_.join();
    ::close(stop_);
}

void Output::stop() { ::eventfd_write(stop_, 1); }

asio::awaitable<bool> Output::write(const std::string& text) {
    const asio::any_io_executor home = co_await asio::this_coro::executor;
    co_await asio::post(asio::bind_executor(worker_.get_executor(), asio::use_awaitable));
    const bool written = write_blocking(text);
    co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
    co_return written;
}

bool Output::write_blocking(const std::string& text) const {
    // A pipe that polls as writable has room for PIPE_BUF bytes, so such a write never blocks, and stop() is
    // heard.
    const std::size_t most = regular_file_ ? text.size() : PIPE_BUF;
    for (std::size_t done = 0; done < text.size();) {
        if (!regular_file_ && !wait_for_room()) return false;
        const ssize_t written = ::write(descriptor_, text.data() + done, std::min(most, text.size() - done));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN)
            continue;  // another owner of the file description made it non-blocking
        if (written < 0) return false;
        done += static_cast<std::size_t>(written);
    }
    return true;
}

bool Output::wait_for_room() const {
    pollfd polled[] = {{descriptor_, POLLOUT, 0}, {stop_, POLLIN, 0}};
    while (::poll(polled, 2, -1) < 0)
        if (errno != EINTR) return false;
    return polled[1].revents == 0;
}

}  // namespace nlwatch::sink
