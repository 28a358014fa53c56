#include "http/client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace nlwatch::http {

namespace asio = boost::asio;

Client::Client(asio::local::stream_protocol::socket connected)
    : wire_(std::make_shared<Wire>(std::move(connected))) {}

Client::~Client() {
    wire_->deadline.cancel();
    boost::system::error_code ignored;
    wire_->socket.close(ignored);
}

Client::Wire::Wire(asio::local::stream_protocol::socket connected)
    : socket(std::move(connected)), deadline(socket.get_executor()) {}

void Client::Wire::allow(Patience patience, const std::shared_ptr<Wire>& self) {
    if (patience == endless) {
        deadline.expires_at(asio::steady_timer::time_point::max());
        return;
    }
    deadline.expires_after(patience);
    deadline.async_wait([self](boost::system::error_code cancelled) {
        if (cancelled || self->deadline.expiry() > std::chrono::steady_clock::now()) return;
        self->late = true;
        boost::system::error_code ignored;
        self->socket.cancel(ignored);
    });
}

asio::awaitable<unsigned> Client::ask(std::string_view method, std::string_view target, Patience patience) {
    std::string request;
    request.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
    if (method == "POST") request += "Content-Length: 0\r\n";
    request += "Connection: close\r\n\r\n";
    wire_->allow(patience, wire_);
    boost::system::error_code error;
    co_await asio::async_write(wire_->socket, asio::buffer(request),
                               asio::redirect_error(asio::use_awaitable, error));
    // A server may refuse, and close, before it has read everything: its answer is what counts.
    if (error && error != asio::error::broken_pipe) lost(error);
    while (state_ == AnswerReader::State::header) co_await receive(patience);
    co_return reader_.status();
}

asio::awaitable<bool> Client::more(std::string& body, Patience patience) {
    while (body_.empty() && state_ != AnswerReader::State::done) co_await receive(patience);
    if (body_.empty()) co_return false;
    body += body_;
    body_.clear();
    co_return true;
}

asio::awaitable<void> Client::receive(Patience patience) {
    wire_->allow(patience, wire_);
    boost::system::error_code error;
    const std::size_t length = co_await wire_->socket.async_read_some(
        asio::buffer(chunk_), asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::eof) {
        state_ = reader_.closed();
        if (state_ == AnswerReader::State::broken) lost(error);
        co_return;
    }
    if (error) lost(error);
    input_.append(chunk_.data(), length);
    state_ = reader_.take(input_, body_);
    if (state_ == AnswerReader::State::broken) throw ConnectionLost(reader_.why());
}

void Client::lost(boost::system::error_code error) const {
    if (wire_->late) throw ConnectionLost("nothing came for too long");
    if (error == asio::error::eof) throw ConnectionLost("the connection was closed");
    throw ConnectionLost(error.message());
}

namespace {

// RFC 3986 §2.3: all but what is never anything else than itself.
void append_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        const auto byte = static_cast<unsigned char>(c);
        if (plain)
            out += c;
        else
            out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
}

}  // namespace

std::string events_target(const backlog::RequestWords& words) {
    std::string target = "/v1/events";
    const auto add = [&](const char* name, std::string_view value) {
        target.append(target.find('?') == std::string::npos ? "?" : "&").append(name).append("=");
        append_encoded(target, value);
    };
    for (const std::string& it : words.kinds) add("kind", it);
    for (const std::string& it : words.interfaces) add("interface", it);
    for (const std::string& it : words.link_kinds) add("link_kind", it);
    for (const std::string& it : words.types) add("type", it);
    for (const std::string& it : words.transitions) add("transition", it);
    if (words.since) add("since", *words.since);
    if (words.snapshot) add("snapshot", *words.snapshot ? "1" : "0");
    if (words.limit) add("limit", std::to_string(*words.limit));
    return target;
}

}  // namespace nlwatch::http
