// Boost.Beast is used for its parsers alone, here and in answer.cpp: to compile Beast is slow, and what is
// written by hand is simple.
#include "http/request.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "http/text.hpp"

namespace nlwatch::http {

namespace beast = boost::beast;

class RequestReader::Parser : beast::http::basic_parser<true> {
public:
    Parser(std::size_t header_bytes, std::size_t body_bytes)
        : header_bytes_(header_bytes), body_bytes_(body_bytes) {
        header_limit(static_cast<std::uint32_t>(header_bytes));
        body_limit(body_bytes);
    }

    State take(std::string& input);

    Request request;
    Refusal refusal;

private:
    using Text = beast::string_view;
    using Error = beast::error_code;

    State refuse(unsigned status, std::string why);
    State too_much();

    void on_request_impl(beast::http::verb, Text method, Text target, int version, Error&) override {
        request.method = method;
        request.target = target;
        request.http_1_1 = version >= 11;
    }
    void on_response_impl(int, Text, int, Error&) override {}
    void on_field_impl(beast::http::field, Text name, Text value, Error&) override;
    void on_header_impl(Error&) override { whole_header_ = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
    std::size_t on_body_impl(Text body, Error&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override { return body.size(); }
    void on_finish_impl(Error&) override {}

    std::size_t header_bytes_, body_bytes_;
    std::size_t taken_ = 0;  // bytes of the header, then of the body
    bool whole_header_ = false;
};

void RequestReader::Parser::on_field_impl(beast::http::field, Text name, Text value, Error&) {
    if (whole_header_) return;  // a trailer: it comes too late to say anything
    const auto is = [&](const char* known) { return same_word({name.data(), name.size()}, known); };
    if (is("Host")) request.hosts.emplace_back(value);
    if (is("Accept"))
        request.accept.append(request.accept.empty() ? "" : ", ").append(value.data(), value.size());
    if (is("Last-Event-ID")) request.last_event_id = value;
    if (is("Expect")) request.expects_continue = same_word({value.data(), value.size()}, "100-continue");
}

RequestReader::State RequestReader::Parser::take(std::string& input) {
    // RFC 9112 §2.2: an empty line in front of a request line is ignored.
    if (!got_some()) input.erase(0, std::min(input.find_first_not_of("\r\n"), input.size()));
    while (!is_done()) {
        const bool had_header = whole_header_;
        Error error;
        const std::size_t used = put(boost::asio::buffer(input), error);
        input.erase(0, used);
        taken_ = whole_header_ && !had_header ? 0 : taken_ + used;
        if (error == beast::http::error::header_limit) return too_much();
        if (error == beast::http::error::body_limit)
            return refuse(413,
                          "a body may have " + std::to_string(body_bytes_) + " bytes, and is not needed");
        if (error && error != beast::http::error::need_more)
            return refuse(400, "this is no request of HTTP/1.1: " + error.message());
        // The parser limits only what it has not yet taken: a header that comes field by field has no end for
        // it, nor have the extensions of chunks.
        const std::size_t limit = whole_header_ ? body_bytes_ + header_bytes_ : header_bytes_;
        if (!is_done() && taken_ + input.size() > limit && (error || taken_ > limit)) return too_much();
        if (error || (used == 0 && !is_done())) break;
    }
    if (!whole_header_) return State::header;
    request.keep_alive = keep_alive();
    return is_done() ? State::done : State::body;
}

RequestReader::State RequestReader::Parser::refuse(unsigned status, std::string why) {
    refusal = {status, std::move(why)};
    return State::refused;
}

RequestReader::State RequestReader::Parser::too_much() {
    if (whole_header_) return refuse(413, "this body's chunks say too much about themselves");
    return refuse(431, "a header may have " + std::to_string(header_bytes_) + " bytes in all");
}

RequestReader::RequestReader(std::size_t header_bytes, std::size_t body_bytes)
    : parser_(std::make_unique<Parser>(header_bytes, body_bytes)) {}
RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::take(std::string& input) { return parser_->take(input); }
const Request& RequestReader::request() const { return parser_->request; }
const Refusal& RequestReader::refusal() const { return parser_->refusal; }

}  // namespace nlwatch::http
