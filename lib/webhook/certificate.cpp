#include "webhook/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <string_view>

#include "record/safe_text.hpp"

namespace nlwatch::webhook {

namespace {

std::string words_of(const X509_NAME* name) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    // UTF-8 as it is, and not as escapes; safe() knows what of it is not for terminals.
    X509_NAME_print_ex(out.get(), name, 0,
                       XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? record::safe(std::string_view(text, static_cast<std::size_t>(size))) : "";
}

std::chrono::sys_seconds moment(const ASN1_TIME* time) {
    std::tm fields{};
    if (ASN1_TIME_to_tm(time, &fields) != 1) return {};
    return std::chrono::sys_seconds(std::chrono::seconds(timegm(&fields)));
}

}  // namespace

std::string tls_version_of(const ssl_st* connection) { return SSL_get_version(connection); }

std::vector<Certificate> presented_chain(const ssl_st* connection) {
    std::vector<Certificate> chain;
    const STACK_OF(X509)* presented = SSL_get_peer_cert_chain(connection);
    for (int i = 0; i < sk_X509_num(presented); ++i) {  // -1 of none
        const X509* it = sk_X509_value(presented, i);
        chain.push_back({.subject = words_of(X509_get_subject_name(it)),
                         .issuer = words_of(X509_get_issuer_name(it)),
                         .not_before = moment(X509_get0_notBefore(it)),
                         .not_after = moment(X509_get0_notAfter(it))});
    }
    return chain;
}

}  // namespace nlwatch::webhook
