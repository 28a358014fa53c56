#include "http/event_stream.hpp"

#include <chrono>
#include <utility>

#include "http/response.hpp"
#include "sink/pump.hpp"

namespace nlwatch::http {

namespace asio = boost::asio;

EventStream::EventStream(std::shared_ptr<Connection> connection, backlog::Feed feed, Frame frame,
                         const Limits& limits, std::uint64_t& gaps)
    : connection_(std::move(connection)),
      feed_(std::move(feed)),
      frame_(frame),
      limits_(limits),
      gaps_(gaps),
      heartbeat_(connection_->socket().get_executor()) {}

asio::awaitable<bool> EventStream::run(sink::WakeUp& wake_up, std::function<void()> gone) {
    connection_->watch(std::move(gone));
    if (frame_.form == Form::sse) beat();
    co_await sink::pump(feed_, *this, wake_up);
    heartbeat_.expires_at(asio::steady_timer::time_point::max());
    connection_->unwatch();
    if (!connection_->open() || !feed_.finished() || !frame_.chunked) co_return false;
    co_return co_await connection_->write(last_chunk);
}

void EventStream::finish() {
    std::string last;
    sink::fill(feed_, *this, last);
    if (frame_.chunked) {
        if (!last.empty()) last.insert(0, chunk_head(last.size())).append(chunk_end);
        last += last_chunk;
    }
    connection_->last_words(last);
}

void EventStream::frame(const backlog::Line& line, std::string& batch) {
    if (line.type == "gap") ++gaps_;
    if (frame_.form == Form::ndjson) {
        batch += line.text;
        return;
    }
    // An id is what the browser comes back with: lines without one leave the last one standing.
    if (line.resumable) batch.append("id: ").append(record::to_string(line.position)).append("\n");
    batch.append("data: ").append(line.text).append("\n");
}

asio::awaitable<sink::Delivered> EventStream::deliver(const std::string& batch) {
    // It may take as long as it likes: all that it holds up is this batch.
    constexpr auto endless = Connection::Patience::endless;
    const std::string head = frame_.chunked ? chunk_head(batch.size()) : std::string();
    const std::string_view end = frame_.chunked ? chunk_end : std::string_view();
    const bool written = co_await connection_->write(head, batch, end, endless);
    co_return written ? sink::Delivered::yes : sink::Delivered::nobody;
}

// What stands between may cut a connection where nothing is heard for long. A comment is not needed while
// lines wait to be sent.
void EventStream::beat() {
    heartbeat_.expires_after(limits_.heartbeat);
    heartbeat_.async_wait([self = shared_from_this()](boost::system::error_code error) {
        const bool stale = self->heartbeat_.expiry() > std::chrono::steady_clock::now();
        if (error || stale || !self->connection_->open()) return;
        const std::string comment = ":\n\n";
        self->connection_->write_between(
            self->frame_.chunked ? chunk_head(comment.size()).append(comment).append(chunk_end) : comment);
        self->beat();
    });
}

}  // namespace nlwatch::http
