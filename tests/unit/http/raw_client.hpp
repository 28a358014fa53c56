// A client of HTTP that sends any bytes and understands what a server may answer, without one line of the
// server's.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nlwatch::test {

struct Reply {
    unsigned status{};
    std::map<std::string, std::string> fields;  // names in lower case
    std::string body;                           // without chunks
    std::vector<std::size_t> chunks;            // their sizes
    bool whole{};                               // it has come to its end
    std::string field(const std::string& name) const { return fields.contains(name) ? fields.at(name) : ""; }
};

class RawClient {
public:
    explicit RawClient(const std::string& path);  // Unix
    explicit RawClient(std::uint16_t port);       // 127.0.0.1
    RawClient(RawClient&& other) noexcept;
    ~RawClient();

    ssize_t send(std::string_view bytes);  // without waiting
    void half_close();
    void close();
    // Takes what is there, at most so much; false at the end of the stream, and behind it.
    bool read(std::size_t most = 1 << 20);

    // The reply in front of `text`, as far as it has come; null before its head is whole.
    std::optional<Reply> reply(bool to_head = false) const;
    // The same, taken away if it is whole; else null.
    std::optional<Reply> take_reply(bool to_head = false);

    std::string text;    // received and not taken
    bool ended = false;  // the server has closed, or has been lost
    bool reset = false;  // … with bytes of ours unread

private:
    std::optional<Reply> parse(bool to_head, std::size_t& used) const;
    int fd_;
};

}  // namespace nlwatch::test
