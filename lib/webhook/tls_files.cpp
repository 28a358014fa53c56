#include "webhook/tls_files.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <cstring>
#include <memory>
#include <new>

#include "record/safe_text.hpp"

namespace nlwatch::webhook {

namespace {

template <auto release>
struct Release {
    template <class Object>
    void operator()(Object* it) const {
        release(it);
    }
};
using Context = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;

// The first of what OpenSSL has to say; the rest is what came of it.
std::string reason() {
    const unsigned long error = ERR_get_error();
    ERR_clear_error();
    if (ERR_SYSTEM_ERROR(error)) return std::strerror(ERR_GET_REASON(error));
    const char* words = ERR_reason_error_string(error);
    return words ? words : "it does not say why";
}

int ask_nobody(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

std::optional<std::string> fault_of_key(SSL_CTX* context, const Request& request) {
    const bool alone = !request.key.empty();
    const std::string name =
        alone ? "the client's key" : "the key in " + record::safe(request.certificate_file);
    const Bio text(alone ? BIO_new_mem_buf(request.key.data(), static_cast<int>(request.key.size()))
                         : BIO_new_file(request.certificate_file.c_str(), "r"));
    bool encrypted = false;
    const Key key(text ? PEM_read_bio_PrivateKey(text.get(), nullptr, ask_nobody, &encrypted) : nullptr);
    if (encrypted) {
        ERR_clear_error();
        return name + " is encrypted: there is nobody to ask for its pass phrase";
    }
    if (!key) return name + " cannot be read as PEM: " + reason();
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        return name + " is not that of " + record::safe(request.certificate_file) + ": " + reason();
    return std::nullopt;
}

}  // namespace

std::optional<std::string> fault_of_tls(const Request& request) {
    const Context context(SSL_CTX_new(TLS_client_method()));
    if (!context) throw std::bad_alloc();
    const auto unreadable = [](const std::string& path) {
        return record::safe(path) + ": no certificate can be read from it: " + reason();
    };
    if (!request.ca_file.empty() && SSL_CTX_load_verify_file(context.get(), request.ca_file.c_str()) != 1)
        return unreadable(request.ca_file);
    if (request.certificate_file.empty()) return std::nullopt;
    if (SSL_CTX_use_certificate_chain_file(context.get(), request.certificate_file.c_str()) != 1)
        return unreadable(request.certificate_file);
    return fault_of_key(context.get(), request);
}

}  // namespace nlwatch::webhook
