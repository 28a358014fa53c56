// Requests, out of the bytes that a client sends.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace nlwatch::http {

// What is used of a request's header. Its body says nothing to this server, and is dropped.
struct Request {
    std::string method, target;      // as they came
    bool http_1_1{};                 // else 1.0, which knows no chunks
    bool keep_alive{};               // the client expects to send another on the same connection
    bool expects_continue{};         // it sends the body only when it is told to
    std::vector<std::string> hosts;  // the values of all Host fields; one is right
    std::string accept;              // all Accept fields, with commas between them
    std::string last_event_id;       // empty: none
};

// Why a request is not answered as it was meant.
struct Refusal {
    unsigned status{};
    std::string why;
};

// Reads one request; the next one needs another reader. Not thread-safe.
class RequestReader {
public:
    // `header_bytes`: of request line and fields together. `body_bytes`: of the body that is read and
    // dropped.
    RequestReader(std::size_t header_bytes, std::size_t body_bytes);
    ~RequestReader();

    enum class State : unsigned char {
        header,   // more is needed to have the whole header
        body,     // the header is there; more is needed of the body
        done,     // request() is whole; what is left of the input belongs to the next one
        refused,  // refusal() says why; nothing more can be read on this connection
    };
    // Takes what it can use from the front of `input`, and leaves the rest there.
    State take(std::string& input);

    const Request& request() const;  // in states body and done
    const Refusal& refusal() const;  // in state refused

private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace nlwatch::http
