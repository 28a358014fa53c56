#include "receiver.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace nlwatch::test {

const std::string no_content = "HTTP/1.1 204 No Content\r\n\r\n";

std::function<void(Peer&)> answers(std::string response) {
    return [response = std::move(response)](Peer& peer) {
        while (peer.request()) peer.send(response);
    };
}

Peer::Peer(int socket, SSL_CTX* tls) : socket_(socket) {
    if (!tls) return;
    tls_ = SSL_new(tls);
    SSL_set_fd(tls_, socket_);
    greeted_ = SSL_accept(tls_) == 1;
    if (greeted_) return;
    // Closed with something unread, it would be reset, and the client would not learn why it was refused.
    shutdown(socket_, SHUT_WR);
    std::array<char, 4096> ignored;
    while (recv(socket_, ignored.data(), ignored.size(), 0) > 0) {
    }
}

Peer::~Peer() {
    if (tls_ && greeted_) SSL_shutdown(tls_);
    SSL_free(tls_);
}

long Peer::receive(char* bytes, int most) {
    return tls_ ? SSL_read(tls_, bytes, most) : recv(socket_, bytes, static_cast<std::size_t>(most), 0);
}

std::optional<std::string> Peer::request() {
    if (!greeted_) return std::nullopt;
    for (;;) {
        const std::size_t head = rest_.find("\r\n\r\n");
        if (head != std::string::npos) {
            const std::size_t field = rest_.find("Content-Length: ");
            const std::size_t size = head + 4 + (field < head ? std::stoul(rest_.substr(field + 16, 20)) : 0);
            if (rest_.size() >= size) {
                std::string whole = rest_.substr(0, size);
                rest_.erase(0, size);
                return whole;
            }
        }
        std::array<char, 4096> chunk;
        const long count = receive(chunk.data(), chunk.size());
        if (count <= 0) return std::nullopt;
        rest_.append(chunk.data(), static_cast<std::size_t>(count));
    }
}

bool Peer::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const long sent = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Peer::reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    EXPECT_EQ(setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
}

void Peer::wait_for_close() {
    std::array<char, 4096> ignored;
    while (receive(ignored.data(), ignored.size()) > 0) {
    }
}

Receiver::Receiver(std::function<void(Peer&)> behaviour, std::optional<Tls> tls, const Place& place)
    : behaviour_(std::move(behaviour)) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that the client has closed
    if (tls) {
        tls_.reset(SSL_CTX_new(TLS_server_method()));
        const Identity& own = tls->identity;
        EXPECT_EQ(SSL_CTX_use_certificate_file(tls_.get(), own.certificate.c_str(), SSL_FILETYPE_PEM), 1);
        EXPECT_EQ(SSL_CTX_use_PrivateKey_file(tls_.get(), own.key.c_str(), SSL_FILETYPE_PEM), 1);
        SSL_CTX_set_max_proto_version(tls_.get(), tls->newest);
        if (tls->newest < TLS1_2_VERSION) {
            SSL_CTX_set_min_proto_version(tls_.get(), TLS1_VERSION);
            SSL_CTX_set_cipher_list(tls_.get(), "ALL:@SECLEVEL=0");
        }
        if (!tls->clients_authority.empty()) {
            SSL_CTX_load_verify_file(tls_.get(), tls->clients_authority.c_str());
            SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        }
    }
    listen_at(place);
    acceptor_ = std::thread([this] { serve(); });
}

void Receiver::listen_at(const Place& place) {
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    v4.sin_port = v6.sin6_port = htons(place.port);
    const bool is_v4 = inet_pton(AF_INET, place.address.c_str(), &v4.sin_addr) == 1;
    EXPECT_TRUE(is_v4 || inet_pton(AF_INET6, place.address.c_str(), &v6.sin6_addr) == 1) << place.address;
    auto* address = is_v4 ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
    socklen_t size = is_v4 ? sizeof v4 : sizeof v6;

    listener_ = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    EXPECT_EQ(bind(listener_, address, size), 0) << strerror(errno);
    EXPECT_EQ(listen(listener_, 16), 0) << strerror(errno);
    EXPECT_EQ(getsockname(listener_, address, &size), 0);
    port_ = ntohs(is_v4 ? v4.sin_port : v6.sin6_port);
}

Receiver::~Receiver() {
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
        const std::lock_guard lock(mutex_);
        for (const int it : open_) shutdown(it, SHUT_RDWR);
    }
    for (std::thread& it : peers_) it.join();
    close(listener_);
}

std::string Receiver::url(const std::string& host) const {
    return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_) + "/hook/s3cret?token=s3cret";
}

void Receiver::serve() {
    for (;;) {
        const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        ++connections_;
        const std::lock_guard lock(mutex_);
        open_.push_back(socket);
        peers_.emplace_back([this, socket] {
            {
                Peer peer(socket, tls_.get());
                behaviour_(peer);
            }
            const std::lock_guard closing(mutex_);
            std::erase(open_, socket);
            close(socket);
        });
    }
}

}  // namespace nlwatch::test
