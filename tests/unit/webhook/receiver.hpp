// A receiver on loopback that treats each connection as a test says, in threads of its own.
#pragma once
#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "authority.hpp"

namespace nlwatch::test {

// The receiver's end of one connection. Everything waits, at the longest until the receiver goes.
class Peer {
public:
    Peer(int socket, SSL_CTX*);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    // The next request, head and body as they came; null if the client has closed, or could not be greeted.
    std::optional<std::string> request();
    bool send(std::string_view);  // false: the client has gone
    void reset();                 // RST, now or behind what was not read
    void wait_for_close();

private:
    long receive(char* bytes, int most);

    int socket_;
    SSL* tls_ = nullptr;
    bool greeted_ = true;
    std::string rest_;
};

struct Place {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // any
};

class Receiver {
public:
    struct Tls {
        Identity identity;
        std::string clients_authority{};  // PEM; empty: clients need no certificate
        int newest = TLS1_3_VERSION;      // below 1.2 with ciphers that OpenSSL calls insecure
    };
    // `behaviour` runs in a thread of each connection, until it returns: then the connection is closed.
    explicit Receiver(std::function<void(Peer&)> behaviour, std::optional<Tls> = {}, const Place& = {});
    ~Receiver();  // ends all

    std::uint16_t port() const { return port_; }
    // Its path and query are what nobody may ever see.
    std::string url(const std::string& host = "127.0.0.1") const;
    int connections() const { return connections_; }

private:
    void listen_at(const Place&);
    void serve();

    std::function<void(Peer&)> behaviour_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_{nullptr, SSL_CTX_free};
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    std::vector<int> open_;  // shut down at the end, so that who reads from one wakes up
    std::vector<std::thread> peers_;
    std::thread acceptor_;
};

// A behaviour: answers every request of a connection with the same bytes.
std::function<void(Peer&)> answers(std::string response);
extern const std::string no_content;  // a whole answer, 204

}  // namespace nlwatch::test
