// Standard output, a pipe or a file as the end of a sink: written by a worker, so that a slow one delays
// nobody.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <string>

namespace nlwatch::sink {

// The descriptor stays its owner's, and blocking: its file description may be shared with a shell, which
// would not expect to find it otherwise.
class Output {
public:
    explicit Output(int descriptor);
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    // Writes all of it; false if that failed (EPIPE: its reader is gone) or stop() came first. One at a time.
    // Called, and resumed, on the coroutine's own executor.
    boost::asio::awaitable<bool> write(const std::string& text);

    void stop();  // a write that waits for a reader returns false; for ever

private:
    bool write_blocking(const std::string& text) const;
    bool wait_for_room() const;

    int descriptor_;
    int stop_;  // eventfd: readable once stopped
    bool regular_file_;
    boost::asio::thread_pool worker_{1};
};

}  // namespace nlwatch::sink
