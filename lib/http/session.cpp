#include "http/session.hpp"

#include <sys/socket.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <exception>
#include <utility>

#include "http/event_stream.hpp"
#include "http/host.hpp"
#include "http/query.hpp"
#include "http/state_document.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::http {

namespace asio = boost::asio;

namespace {

constexpr std::string_view json = "application/json", ndjson = "application/x-ndjson",
                           sse = "text/event-stream", plain = "text/plain; charset=utf-8",
                           prometheus = "text/plain; version=0.0.4; charset=utf-8";

std::string error_text(const std::string& why) {
    std::string text;
    record::error_line(text, why);
    return text;
}

// A connection that a request was refused on before it was understood.
Request not_understood() {
    Request request;
    request.method = "GET";
    request.http_1_1 = true;
    return request;
}

}  // namespace

Session::Session(Socket socket, GroupSet groups, std::shared_ptr<Shared> shared,
                 std::function<void(Session&)> gone)
    : connection_(std::make_shared<Connection>(std::move(socket), shared->limits)),
      groups_(groups),
      shared_(std::move(shared)),
      gone_(std::move(gone)) {}

void Session::start() {
    // What escapes is our own bug: it goes on to whoever runs the reactor.
    const auto ended = [self = shared_from_this()](std::exception_ptr bug) {
        self->running_ = false;
        self->end();
        if (bug) std::rethrow_exception(bug);
    };
    asio::co_spawn(connection_->socket().get_executor(), serve(),
                   asio::bind_cancellation_slot(stop_.slot(), ended));
}

void Session::finish() {
    finishing_ = true;
    if (stream_) {
        stream_->finish();
        end();
    } else if (answering_) {
        last_ = true;
    } else if (asked_ && !connection_->has_input()) {
        end();
    }
}

void Session::end() {
    if (std::exchange(ended_, true)) return;
    connection_->close();
    if (running_) {
        // co_spawn() posts the signal on, into what belongs to stop_: that must be there for so long.
        stop_.emit(asio::cancellation_type::terminal);
        asio::post(connection_->socket().get_executor(), [self = shared_from_this()] {});
    }
    gone_(*this);
}

asio::awaitable<void> Session::serve() {
    co_await asio::this_coro::throw_if_cancelled(false);
    do {
        const Connection::Received received = co_await connection_->receive();
        if (std::holds_alternative<Connection::Ended>(received)) co_return;
        asked_ = answering_ = true;
        last_ = finishing_;
        if (const auto* refusal = std::get_if<Refusal>(&received)) {
            last_ = true;
            co_await refuse(not_understood(), refusal->status, refusal->why);
        } else if (!co_await answer(std::get<Request>(received))) {
            last_ = true;
        }
        answering_ = false;
        // One that has sent many requests at once lets others have their turn.
        co_await asio::post(asio::use_awaitable);
        if (ended_) co_return;
    } while (!last_ && (!finishing_ || connection_->has_input()));
    co_await connection_->close_gently();
}

asio::awaitable<bool> Session::answer(const Request& request) {
    const auto parsed = parse_target(request.target);
    if (const auto* why = std::get_if<std::string>(&parsed)) co_return co_await refuse(request, 400, *why);
    const Target& target = std::get<Target>(parsed);
    Refusal refusal;
    if (!host_is_right(request, target, refusal))
        co_return co_await refuse(request, refusal.status, refusal.why);
    const auto route = route_of(request.method, target.path, groups_, shared_->controls);
    if (const auto* none = std::get_if<NoRoute>(&route)) {
        const std::string allow = none->allow.empty() ? "" : "Allow: " + none->allow + "\r\n";
        co_return co_await refuse(request, none->refusal.status, none->refusal.why, allow);
    }
    co_return co_await answer_route(request, std::get<Route>(route), target);
}

asio::awaitable<bool> Session::answer_route(const Request& request, Route route, const Target& target) {
    switch (route) {
        case Route::metrics:
            co_return co_await answer_metrics(request);
        case Route::livez:
            co_return co_await send_text(request, 200, plain, "ok\n");
        case Route::readyz: {
            const auto why_not = shared_->sources.unready();
            const std::string text = why_not.value_or("ok") + "\n";
            const unsigned status = why_not ? 503 : 200;
            co_return co_await send_text(request, status, plain, text);
        }
        case Route::state:
            co_return co_await answer_state(request, target);
        case Route::events:
            co_return co_await answer_events(request, target);
        case Route::status: {
            const std::string text = shared_->sources.status();
            co_return co_await send_text(request, 200, json, text);
        }
        case Route::control:
            co_return co_await answer_control(request, target);
    }
    co_return false;
}

asio::awaitable<bool> Session::answer_metrics(const Request& request) {
    const std::string text = co_await shared_->sources.metrics();
    co_return co_await send_text(request, 200, prometheus, text);
}

asio::awaitable<bool> Session::answer_control(const Request& request, const Target& target) {
    const Answer answer = co_await shared_->sources.controls.at(target.path)(target);
    co_return co_await send_text(request, answer.status, json, answer.text);
}

asio::awaitable<bool> Session::answer_state(const Request& request, const Target& target) {
    auto own = state_request(target);
    if (const auto* why = std::get_if<std::string>(&own)) co_return co_await refuse(request, 400, *why);
    backlog::Backlog& backlog = shared_->sources.backlog;
    if (!backlog.begun())
        co_return co_await refuse(request, 503, "the first pass over the kernel's state is not complete yet",
                                  "Retry-After: 1\r\n");
    Head said;
    said.type = json;
    const std::string text = head(request, said);
    const bool chunked = request.http_1_1;
    if (!co_await connection_->write(text)) co_return false;
    if (request.method == "HEAD") co_return (chunked && request.keep_alive);

    StateDocument document(backlog, std::get<record::Filter>(std::move(own)), record::Stamp::now().monotonic);
    std::string slice;
    for (bool more = true; more;) {
        slice.clear();
        more = document.next(slice);
        // An empty chunk would be the last one.
        const std::string size = chunked && !slice.empty() ? chunk_head(slice.size()) : std::string();
        const std::string_view end = chunked && !slice.empty() ? chunk_end : std::string_view();
        if (!co_await connection_->write(size, slice, end)) co_return false;
        if (more) co_await asio::post(asio::use_awaitable);  // one slice a turn, however fast the client is
    }
    if (!chunked) co_return false;
    const bool whole = co_await connection_->write(last_chunk);
    co_return (whole && request.keep_alive);
}

asio::awaitable<bool> Session::answer_events(const Request& request, const Target& target) {
    const Form form = accepts_sse(request.accept) ? Form::sse : Form::ndjson;
    auto wanted = events_request(target, form == Form::sse ? request.last_event_id : std::string());
    if (const auto* why = std::get_if<std::string>(&wanted)) co_return co_await refuse(request, 400, *why);
    backlog::Backlog& backlog = shared_->sources.backlog;
    auto& asked = std::get<backlog::Request>(wanted);
    if (const auto why = backlog::refusal(asked, backlog)) co_return co_await refuse(request, 400, *why);

    Head said;
    said.type = form == Form::sse ? sse : ndjson;
    const std::string text = head(request, said);
    if (!co_await connection_->write(text)) co_return false;
    if (request.method == "HEAD") co_return (request.http_1_1 && request.keep_alive);
    if (last_) co_return false;

    const auto which = static_cast<std::size_t>(form);
    ++shared_->followers[which];
    const EventStream::Frame frame{form, request.http_1_1};
    stream_ = std::make_shared<EventStream>(connection_, backlog::Feed(backlog, std::move(asked)), frame,
                                            shared_->limits, shared_->counters.gaps[which]);
    const auto gone = [self = shared_from_this()] { self->end(); };
    const bool whole = co_await stream_->run(shared_->sources.wake_up, gone);
    stream_.reset();
    --shared_->followers[which];
    co_return (whole && request.keep_alive);
}

asio::awaitable<bool> Session::refuse(const Request& request, unsigned status, const std::string& why,
                                      std::string_view more) {
    const std::string text = error_text(why);
    co_return co_await send_text(request, status, json, text, more);
}

asio::awaitable<bool> Session::send_text(const Request& request, unsigned status, std::string_view type,
                                         const std::string& text, std::string_view more) {
    Head said;
    said.status = status;
    said.type = type;
    said.more = more;
    said.length = text.size();
    const std::string top = head(request, said);
    const std::string_view body = request.method == "HEAD" ? std::string_view() : text;
    const bool whole = co_await connection_->write(top, body);
    co_return whole&& request.keep_alive;
}

// Completes it by what the request says of the connection, and counts the answer.
std::string Session::head(const Request& request, Head said) const {
    said.http_1_1 = request.http_1_1;
    said.keep_alive = request.keep_alive && !last_ && (said.length || said.chunked());
    ++shared_->counters.answers[said.status / 100];
    return head_text(said, std::chrono::system_clock::now());
}

bool Session::host_is_right(const Request& request, const Target& target, Refusal& refusal) const {
    if ((request.hosts.empty() && request.http_1_1) || request.hosts.size() > 1) {
        refusal = {400, "a request of HTTP/1.1 has one Host field"};
        return false;
    }
    boost::system::error_code error;
    const auto local = connection_->socket().local_endpoint(error);
    if (!error && local.protocol().family() == AF_UNIX) return true;
    // Old checkers of health send HTTP/1.0 without one; a browser, whom a page could misuse, always sends it.
    if (request.hosts.empty() && target.authority.empty()) return true;
    asio::ip::tcp::endpoint own;
    if (!error && local.size() <= own.capacity()) {
        std::memcpy(own.data(), local.data(), local.size());
        own.resize(local.size());
    }
    // RFC 9112 §3.2.2: what an absolute form names counts, and Host does not.
    const std::string& said = target.authority.empty() ? request.hosts.front() : target.authority;
    const auto host = host_of(said);
    if (host && host_allowed(*host, own.address(), shared_->hosts)) return true;
    if (!host && !said.empty())
        refusal = {400, "Host is a name or an address, and a port"};
    else
        refusal = {421,
                   "this server is not known as '" + record::safe_excerpt(said) +
                       "' here: over TCP it answers to the address that was connected to, and to 'hosts' in "
                       "[http]"};
    return false;
}

}  // namespace nlwatch::http
