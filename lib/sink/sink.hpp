// A sink: where a reader's lines go. Standard output, a stream client, an HTTP response, a log, a webhook.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>

#include "backlog/feed.hpp"

namespace nlwatch::sink {

class Sink {
public:
    virtual ~Sink() = default;

    // Appends the line to the batch in the sink's own form: as it is, as an SSE event, as text; or leaves it
    // out.
    virtual void frame(const backlog::Line& line, std::string& batch) = 0;

    // Returns when the batch is delivered or given up. False: there is nobody any more to deliver to. `batch`
    // stays as it is until then. A sink's trouble stays in the sink: nothing is thrown but for our own bugs.
    // Ends soon when it is cancelled.
    virtual boost::asio::awaitable<bool> deliver(const std::string& batch) = 0;

    // No more: a deliver() that waits on another thread, where a cancellation does not reach it, gives up.
    virtual void stop() {}
};

}  // namespace nlwatch::sink
