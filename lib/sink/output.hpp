// Standard output, a pipe or a file as the end of a sink: written by a worker, so that a slow one delays
// nobody.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace nlwatch::sink {

class Output {
public:
    // The descriptor stays its owner's, and blocking: its file description may be shared with a shell, which
    // would not expect to find it otherwise.
    explicit Output(int descriptor);
    // A file that is appended to, made with mode 0640 if it is not there. Throws std::system_error.
    explicit Output(std::string path);
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    // Writes all of it; false if that failed (EPIPE: its reader is gone; ENOSPC) or stop() came first. One at
    // a time. Called, and resumed, on the coroutine's own executor.
    boost::asio::awaitable<bool> write(const std::string& text);

    // Whole lines that nobody waits for, from any thread; false where as many wait already as may: they are
    // lost then, as they are when writing fails. `tell_lost`, if given, makes the line that says how many,
    // for the next time that one can be written; it is called on the worker.
    bool offer(std::string_view lines);
    void tell_lost_by(std::function<std::string(std::uint64_t lines)> tell_lost);

    // A file: opened anew before whatever is written next, after it was renamed (logrotate). If that fails,
    // the one that is open goes on, and `failed` is told on the worker.
    void reopen(std::function<void(const std::string& why)> failed);

    // Whatever must wait for a reader fails from now on; what finds room is still written.
    void stop();

    // Of the last write that failed, or 0; not reset by one that succeeds.
    int last_error() const;

private:
    bool write_blocking(std::string_view text);
    bool wait_for_room() const;
    void write_offered();

    std::string path_;  // empty: the descriptor is someone else's
    int descriptor_;
    int stop_;  // eventfd: readable once stopped
    bool regular_file_ = false;
    bool torn_ = false;  // the last write failed within a line; the worker's alone, as the two above

    mutable std::mutex mutex_;  // of what follows
    std::string offered_;
    std::uint64_t lost_ = 0;  // lines, not told yet
    bool posted_ = false;     // the worker will come for them
    int error_ = 0;
    std::function<std::string(std::uint64_t)> tell_lost_;

    boost::asio::thread_pool worker_{1};
};

}  // namespace nlwatch::sink
