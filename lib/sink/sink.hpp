// A sink: where a reader's lines go. Standard output, a stream client, an HTTP response, a log, a webhook.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "backlog/feed.hpp"

namespace nlwatch::sink {

inline constexpr std::size_t default_batch_bytes = 64 * 1024;  // a batch may be larger by one line
// Of a sink whose batches are handed to a worker and back; there are few such.
inline constexpr std::size_t worker_batch_bytes = 256 * 1024;

// What became of a batch.
enum class Delivered : std::uint8_t {
    yes,       // or it is lost as best effort may lose it: counted
    given_up,  // the reader has to be told: by a gap, before whatever comes next
    nobody,    // there is nobody any more to deliver to
};

class Sink {
public:
    virtual ~Sink() = default;

    // Appends the line to the batch in the sink's own form: as it is, as an SSE event, as text; or leaves it
    // out.
    virtual void frame(const backlog::Line& line, std::string& batch) = 0;
    // Nothing more goes into this batch, though there may be more to read.
    virtual bool full(const std::string& batch) const { return batch.size() >= default_batch_bytes; }

    // Returns when the batch is delivered or given up. `batch` stays as it is until then. A sink's trouble
    // stays in the sink: nothing is thrown but for our own bugs. Ends soon when it is cancelled.
    virtual boost::asio::awaitable<Delivered> deliver(const std::string& batch) = 0;

    // No more: a deliver() that waits where a cancellation does not reach it gives up.
    virtual void stop() {}
};

}  // namespace nlwatch::sink
