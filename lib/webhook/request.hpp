// One POST to a receiver, and what came of it.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "webhook/certificate.hpp"

namespace nlwatch::webhook {

// Complete in itself: nothing of it comes from the environment or from anyone's .netrc. Empty: none.
struct Request {
    std::string url;                   // http or https, whole
    std::vector<std::string> headers;  // "Name: value"; Content-Type among them
    std::string body;

    std::string user, password;  // basic authentication
    std::string bearer;          // the token alone
    std::string proxy;           // a whole URL, with the port

    std::string ca_file;           // PEM; instead of the system's authorities, not beside them
    std::string certificate_file;  // PEM; the client's own, with its chain
    std::string key;               // PEM, the text itself, not encrypted; empty: in certificate_file, too

    std::chrono::milliseconds connect_timeout{5'000};  // with the name's resolution and the TLS handshake
    std::chrono::milliseconds timeout{15'000};         // of everything
    bool want_certificates = false;
};

struct Response {
    enum class Kind { status, timeout, network_error };
    Kind kind = Kind::network_error;
    int status{};  // if that is its kind
    // Of Retry-After, in seconds or as a date (RFC 9110 §10.2.3); null if there is none, or none to come.
    std::optional<std::chrono::milliseconds> retry_after;
    std::string body;  // its beginning, as quote_of() (shown.hpp) has it: any bytes, at most 512 of them
    // The peer's, or the proxy's: "192.0.2.1:443", "[::1]:443"; empty: never connected.
    std::string address;
    std::string tls_version;         // "TLSv1.3"; empty: no TLS, or no answer
    std::vector<Certificate> chain;  // if it was wanted, and an answer came by TLS
    std::chrono::nanoseconds duration{};
    // What failed, for people, safe to print: "cannot connect to 127.0.0.1:1: Connection refused". No path,
    // query or credentials. Empty if a status came.
    std::string words;
};

// Why it cannot be sent as it is: a control byte would make two headers of one. Null if it can.
std::optional<std::string> fault_of(const Request&);

}  // namespace nlwatch::webhook
