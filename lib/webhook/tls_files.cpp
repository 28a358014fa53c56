#include "webhook/tls_files.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <new>
#include <system_error>

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
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        return name + " is not that of " + record::safe(request.certificate_file) + ": " + reason();
    return std::nullopt;
}

}  // namespace

std::optional<std::string> fault_of_tls(const Request& request) {
    const Context context(SSL_CTX_new(TLS_client_method()));
    if (!context) throw std::bad_alloc();
    // Those of a FIFO would be waited for, on the reactor by libcurl.
    const auto fault_of = [&](const std::string& path, auto load) -> std::optional<std::string> {
        std::error_code ignored;
        const bool special =
            std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored);
        if (!special && load(context.get(), path.c_str()) == 1) return std::nullopt;
        return record::safe(path) +
               ": no certificate can be read from it: " + (special ? "it is no regular file" : reason());
    };
    if (!request.ca_file.empty())
        if (auto fault = fault_of(request.ca_file, SSL_CTX_load_verify_file)) return fault;
    if (request.certificate_file.empty()) return std::nullopt;
    if (auto fault = fault_of(request.certificate_file, SSL_CTX_use_certificate_chain_file)) return fault;
    return fault_of_key(context.get(), request);
}

}  // namespace nlwatch::webhook
