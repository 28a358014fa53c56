// Beast's parser again, as in request.cpp and for the same reason alone.
#include "http/answer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace nlwatch::http {

namespace beast = boost::beast;

class AnswerReader::Parser : beast::http::basic_parser<false> {
public:
    Parser() {
        body_limit(boost::none);  // a stream of events has no end
    }

    State take(std::string& input, std::string& body);
    State closed();

    unsigned status = 0;
    std::string why;

private:
    using Text = beast::string_view;
    using Error = beast::error_code;

    State break_off(const Error& error) {
        why = "this is no answer of HTTP/1.1: " + error.message();
        return State::broken;
    }

    void on_request_impl(beast::http::verb, Text, Text, int, Error&) override {}
    void on_response_impl(int code, Text, int, Error&) override { status = static_cast<unsigned>(code); }
    void on_field_impl(beast::http::field, Text, Text, Error&) override {}
    void on_header_impl(Error&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
    std::size_t on_body_impl(Text text, Error&) override { return append(text); }
    void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text text, Error&) override { return append(text); }
    void on_finish_impl(Error&) override {}

    std::size_t append(Text text) {
        body_->append(text.data(), text.size());
        return text.size();
    }

    std::string* body_ = nullptr;  // while take() runs
};

AnswerReader::State AnswerReader::Parser::take(std::string& input, std::string& body) {
    body_ = &body;
    std::size_t taken = 0;
    while (!is_done()) {
        Error error;
        const std::size_t used = put(boost::asio::buffer(input.data() + taken, input.size() - taken), error);
        taken += used;
        if (error && error != beast::http::error::need_more) return break_off(error);
        if (error || used == 0) break;
    }
    input.erase(0, taken);
    return is_done() ? State::done : is_header_done() ? State::body : State::header;
}

AnswerReader::State AnswerReader::Parser::closed() {
    Error error;
    if (got_some()) {
        put_eof(error);
    } else {
        error = beast::http::error::end_of_stream;
    }
    return error ? break_off(error) : State::done;
}

AnswerReader::AnswerReader() : parser_(std::make_unique<Parser>()) {}
AnswerReader::~AnswerReader() = default;
AnswerReader::AnswerReader(AnswerReader&&) noexcept = default;
AnswerReader& AnswerReader::operator=(AnswerReader&&) noexcept = default;

AnswerReader::State AnswerReader::take(std::string& input, std::string& body) {
    return parser_->take(input, body);
}
AnswerReader::State AnswerReader::closed() { return parser_->closed(); }
unsigned AnswerReader::status() const { return parser_->status; }
const std::string& AnswerReader::why() const { return parser_->why; }

}  // namespace nlwatch::http
