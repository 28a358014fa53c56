#include "sink/output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <climits>
#include <cstring>
#include <system_error>
#include <utility>

#include "sink/on_worker.hpp"

namespace nlwatch::sink {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_offered = 256 * 1024;  // bytes that wait for the worker

int open_for_appending(const std::string& path) {
    // O_NONBLOCK: a FIFO that nobody reads is an error (ENXIO) at once.
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
}

int open_or_throw(const std::string& path) {
    const int descriptor = open_for_appending(path);
    if (descriptor < 0)
        throw std::system_error(errno, std::generic_category(), "cannot open " + path + " for appending");
    return descriptor;
}

bool is_regular_file(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

std::uint64_t lines_in(std::string_view text) {
    return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

Output::Output(int descriptor) : descriptor_(descriptor), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (stop_ < 0) throw std::system_error(errno, std::generic_category(), "cannot make an eventfd");
    regular_file_ = is_regular_file(descriptor_);
}

Output::Output(std::string path) : Output(open_or_throw(path)) { path_ = std::move(path); }

Output::~Output() {
    stop();
    worker_.join();
    ::close(stop_);
    if (!path_.empty()) ::close(descriptor_);
}

void Output::stop() { ::eventfd_write(stop_, 1); }

asio::awaitable<bool> Output::write(const std::string& text) {
    const auto write = [this, &text] { return write_blocking(text); };
    co_return co_await on_worker(worker_, write);
}

bool Output::offer(std::string_view lines) {
    const std::lock_guard lock{mutex_};
    if (offered_.size() + lines.size() > most_offered) {
        lost_ += lines_in(lines);
        return false;
    }
    offered_ += lines;
    if (!std::exchange(posted_, true)) asio::post(worker_, [this] { write_offered(); });
    return true;
}

void Output::tell_lost_by(std::function<std::string(std::uint64_t)> tell_lost) {
    const std::lock_guard lock{mutex_};
    tell_lost_ = std::move(tell_lost);
}

void Output::reopen(std::function<void(const std::string&)> failed) {
    if (path_.empty()) return;
    asio::post(worker_, [this, failed = std::move(failed)] {
        const int opened = open_for_appending(path_);
        if (opened < 0) return failed(std::strerror(errno));
        ::close(std::exchange(descriptor_, opened));
        regular_file_ = is_regular_file(descriptor_);
        torn_ = false;
    });
}

int Output::last_error() const {
    const std::lock_guard lock{mutex_};
    return error_;
}

void Output::write_offered() {
    std::string text;
    std::function<std::string(std::uint64_t)> tell_lost;
    std::uint64_t lost = 0;
    {
        const std::lock_guard lock{mutex_};
        text.swap(offered_);
        posted_ = false;
        lost = std::exchange(lost_, 0);
        tell_lost = tell_lost_;
    }
    const std::uint64_t lines = lines_in(text);
    if (lost > 0 && tell_lost) text += tell_lost(lost);
    if (write_blocking(text)) return;
    const std::lock_guard lock{mutex_};
    lost_ += lost + lines;
}

bool Output::write_blocking(std::string_view text) {
    std::string mended;
    if (torn_) text = mended = '\n' + std::string{text};
    // A pipe that polls as writable has room for PIPE_BUF bytes, so such a write never blocks, and stop() is
    // heard.
    const std::size_t most = regular_file_ ? text.size() : PIPE_BUF;
    const std::size_t whole = text.size();
    while (!text.empty()) {
        ssize_t written = -1;
        int error = ECANCELED;
        if (regular_file_ || wait_for_room()) {
            written = ::write(descriptor_, text.data(), std::min(most, text.size()));
            error = errno;
        }
        // EAGAIN: another owner of the file description made it non-blocking.
        if (written < 0 && (error == EINTR || error == EAGAIN)) continue;
        if (written < 0) {
            torn_ = torn_ || (text.size() < whole && *(text.data() - 1) != '\n');
            const std::lock_guard lock{mutex_};
            error_ = error;
            return false;
        }
        torn_ = false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// False: there is none, and nobody wants to wait any more.
bool Output::wait_for_room() const {
    pollfd polled[] = {{descriptor_, POLLOUT, 0}, {stop_, POLLIN, 0}};
    while (::poll(polled, 2, -1) < 0)
        if (errno != EINTR) return false;
    return polled[0].revents != 0;
}

}  // namespace nlwatch::sink
