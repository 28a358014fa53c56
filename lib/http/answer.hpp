// Answers, out of the bytes that a server sends: the client's side of request.hpp.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace nlwatch::http {

// Reads one answer to a GET or POST. Pure: bytes in, values out. Not thread-safe.
class AnswerReader {
public:
    AnswerReader();
    ~AnswerReader();
    AnswerReader(AnswerReader&&) noexcept;
    AnswerReader& operator=(AnswerReader&&) noexcept;

    enum class State : std::uint8_t {
        header,  // more is needed to have the whole header
        body,    // status() is there; more may come of the body
        done,    // it is whole; what is left of the input does not belong to it
        broken,  // why() says what is wrong; nothing more can be read on this connection
    };
    // Takes what it can use from the front of `input`, leaves the rest there, and appends to `body` what that
    // holds of it: chunks are opened.
    State take(std::string& input, std::string& body);
    // The server has closed: done, if that is how this answer ends; else broken.
    State closed();

    unsigned status() const;         // in states body and done
    const std::string& why() const;  // in state broken

private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace nlwatch::http
