#include "raw_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace nlwatch::test {

RawClient::RawClient(const std::string& path) : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
        << strerror(errno);
}

RawClient::RawClient(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
        << strerror(errno);
}

RawClient::RawClient(RawClient&& other) noexcept
    : text(std::move(other.text)),
      ended(other.ended),
      reset(other.reset),
      fd_(std::exchange(other.fd_, -1)) {}

RawClient::~RawClient() { close(); }

void RawClient::close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void RawClient::half_close() { EXPECT_EQ(shutdown(fd_, SHUT_WR), 0); }

ssize_t RawClient::send(std::string_view bytes) {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool RawClient::read(std::size_t most) {
    std::string piece(most, '\0');
    const ssize_t size = ended ? 0 : recv(fd_, piece.data(), piece.size(), MSG_DONTWAIT);
    if (size > 0) text.append(piece, 0, static_cast<std::size_t>(size));
    if (size < 0 && errno == EAGAIN) return true;
    reset = reset || (size < 0 && errno == ECONNRESET);
    ended = ended || size <= 0;
    return !ended;
}

std::optional<Reply> RawClient::reply(bool to_head) const {
    std::size_t used = 0;
    return parse(to_head, used);
}

std::optional<Reply> RawClient::take_reply(bool to_head) {
    std::size_t used = 0;
    auto it = parse(to_head, used);
    if (!it || !it->whole) return std::nullopt;
    text.erase(0, used);
    return it;
}

std::optional<Reply> RawClient::parse(bool to_head, std::size_t& used) const {
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    Reply it;
    std::string_view head(text.data(), end);
    if (!head.starts_with("HTTP/1.1 ")) {
        ADD_FAILURE() << "no status line: " << head;
        return std::nullopt;
    }
    it.status = static_cast<unsigned>(std::stoul(std::string(head.substr(9, 3))));
    while (!head.empty()) {
        head.remove_prefix(std::min(
            head.find("\r\n") == std::string_view::npos ? head.size() : head.find("\r\n") + 2, head.size()));
        const std::size_t colon = head.find(": ");
        if (colon == std::string_view::npos) break;
        std::string name(head.substr(0, colon));
        for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        it.fields[name] = std::string(head.substr(colon + 2, head.find("\r\n") - colon - 2));
    }
    used = end + 4;
    if (to_head || it.status == 100) {
        it.whole = true;
    } else if (it.fields.contains("content-length")) {
        const std::size_t size = std::stoul(it.field("content-length"));
        it.body = text.substr(used, size);
        it.whole = it.body.size() == size;
        used += it.body.size();
    } else if (it.field("transfer-encoding") == "chunked") {
        for (;;) {
            const std::size_t line = text.find("\r\n", used);
            if (line == std::string::npos) break;
            const std::size_t size = std::stoul(text.substr(used, line - used), nullptr, 16);
            if (text.size() < line + 2 + size + 2) break;
            EXPECT_EQ(text.substr(line + 2 + size, 2), "\r\n") << "a chunk ends with a line's end";
            it.body.append(text, line + 2, size);
            used = line + 2 + size + 2;
            if (size == 0) {
                it.whole = true;
                break;
            }
            it.chunks.push_back(size);
        }
    } else {
        it.body = text.substr(used);
        used = text.size();
        it.whole = ended;
    }
    return it;
}

}  // namespace nlwatch::test
