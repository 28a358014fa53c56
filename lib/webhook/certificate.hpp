// What a TLS server shows of itself: for people who ask why a receiver is not trusted, or when it soon will
// not be.
#pragma once
#include <chrono>
#include <string>
#include <vector>

struct ssl_st;  // OpenSSL's SSL

namespace nlwatch::webhook {

struct Certificate {
    std::string subject, issuer;  // RFC 2253, made safe to print
    std::chrono::sys_seconds not_before, not_after;
};

std::string tls_version_of(const ssl_st*);  // "TLSv1.3"

// What the server at the other end has sent, its own certificate first. For when the handshake is done.
std::vector<Certificate> presented_chain(const ssl_st*);

}  // namespace nlwatch::webhook
