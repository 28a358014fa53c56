#include "webhook/transfer.hpp"

#include <curl/curl.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "record/safe_text.hpp"
#include "sink/destination.hpp"
#include "webhook/shown.hpp"

namespace nlwatch::webhook {

namespace {

constexpr std::size_t kept_body = 1024;
constexpr std::size_t most_body = 1 << 20;
constexpr int proxy_authentication_required = 407;
constexpr std::size_t most_headers = 256 * 1024;  // libcurl bounds each line, but before 8.3 not their sum

// libcurl takes its numbers as long, and cannot see what it was given.
template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    static_assert(std::is_same_v<Value, long> || std::is_pointer_v<Value>);
    const CURLcode code = curl_easy_setopt(easy, option, value);
    if (code != CURLE_OK)
        throw std::runtime_error("libcurl: option " + std::to_string(option) + ": " +
                                 curl_easy_strerror(code));
}

void set_unless_empty(CURL* easy, CURLoption option, const std::string& text) {
    if (!text.empty()) set(easy, option, text.c_str());
}

template <class Value>
Value info(CURL* easy, CURLINFO which) {
    Value value{};
    curl_easy_getinfo(easy, which, &value);
    return value;
}

// libcurl itself does not say why there was no socket, and opens it without CLOEXEC.
curl_socket_t open_socket(void* error, curlsocktype, curl_sockaddr* address) noexcept {
    const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (socket < 0) *static_cast<int*>(error) = errno;
    return socket < 0 ? CURL_SOCKET_BAD : socket;
}

// RFC 3986, 3.1: in letters of either case.
bool in_scheme(const std::string& url, const std::string& scheme) {
    return ::strncasecmp(url.c_str(), (scheme + "://").c_str(), scheme.size() + 3) == 0;
}

std::string in_words(std::chrono::milliseconds time) {
    const auto count = time.count();
    return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

}  // namespace

Transfer::Transfer(const Request& request) : request_(request), easy_(curl_easy_init()) {
    if (!easy_) throw std::bad_alloc();
    try {
        configure();
    } catch (...) {
        curl_slist_free_all(headers_);
        curl_easy_cleanup(easy_);
        throw;
    }
}

Transfer::~Transfer() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
}

void Transfer::configure() {
    static_assert(std::tuple_size_v<decltype(error_)> == CURL_ERROR_SIZE);
    set(easy_, CURLOPT_ERRORBUFFER, error_.data());
    set(easy_, CURLOPT_NOSIGNAL, 1L);
    set(easy_, CURLOPT_QUICK_EXIT, 1L);  // or its end waits, on the reactor, for a resolver that hangs
    set(easy_, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    // Set, be it to nothing: else http_proxy and no_proxy of the environment count.
    set(easy_, CURLOPT_PROXY, request_.proxy.c_str());
    set(easy_, CURLOPT_NOPROXY, "");
    set(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    set(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));

    set(easy_, CURLOPT_URL, request_.url.c_str());
    set(easy_, CURLOPT_POSTFIELDSIZE, static_cast<long>(request_.body.size()));
    set(easy_, CURLOPT_POSTFIELDS, request_.body.c_str());
    add_headers();
    set_unless_empty(easy_, CURLOPT_USERNAME, request_.user);
    set_unless_empty(easy_, CURLOPT_PASSWORD, request_.password);
    if (!request_.bearer.empty()) {
        set(easy_, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
        set(easy_, CURLOPT_XOAUTH2_BEARER, request_.bearer.c_str());
    }
    configure_tls();

    set(easy_, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(easy_, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&no_socket_));
    set(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(easy_, CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(easy_, CURLOPT_WRITEDATA, static_cast<void*>(this));
}

void Transfer::configure_tls() {
    set(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
    set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(easy_, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    set(easy_, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    set(easy_, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!request_.ca_file.empty()) {
        constexpr const char* none = nullptr;  // else the system's authorities stay trusted
        set(easy_, CURLOPT_CAINFO, request_.ca_file.c_str());
        set(easy_, CURLOPT_CAPATH, none);
        set(easy_, CURLOPT_PROXY_CAINFO, request_.ca_file.c_str());
        set(easy_, CURLOPT_PROXY_CAPATH, none);
        set(easy_, CURLOPT_CA_CACHE_TIMEOUT, 0L);  // the file may be another after a reload
    }
    set_unless_empty(easy_, CURLOPT_SSLCERT, request_.certificate_file);
    if (!request_.key.empty()) {
        curl_blob key{.data = const_cast<char*>(request_.key.data()), .len = request_.key.size(), .flags = 0};
        set(easy_, CURLOPT_SSLKEY_BLOB, &key);
    }
    // An empty pass phrase fails. Without one OpenSSL asks on the terminal for that of a key in a file, and
    // libcurl 7.88 crashes on such a key in a blob.
    set(easy_, CURLOPT_KEYPASSWD, "");
}

void Transfer::add_headers() {
    const auto add = [this](const std::string& line) {
        curl_slist* longer = curl_slist_append(headers_, line.c_str());
        if (!longer) throw std::bad_alloc();
        headers_ = longer;
    };
    for (const std::string& header : request_.headers) {
        // "Name:" would take a header away; "Name;" is libcurl's way to send one without a value.
        const std::size_t colon = header.find(':');
        const bool has_value = header.find_first_not_of(" \t", colon + 1) != std::string::npos;
        add(has_value ? header : header.substr(0, colon) + ";");
    }
    add("Expect:");  // takes it away: waiting for a 100 costs a second where a receiver does not know it
    set(easy_, CURLOPT_HTTPHEADER, headers_);
}

std::size_t Transfer::on_header(const char* bytes, std::size_t, std::size_t count, void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.header_size_ += count;
    if (transfer.header_size_ > most_headers) return 0;
    transfer.take_header({bytes, count});
    return count;
}

void Transfer::take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) header_complete_ = false;  // behind a 1xx comes another
    if (line != "\r\n" && line != "\n") return;
    header_complete_ = true;
    // Only while the connection is the transfer's can its TLS be asked.
    const auto* tls = info<curl_tlssessioninfo*>(easy_, CURLINFO_TLS_SSL_PTR);
    if (!tls || tls->backend != CURLSSLBACKEND_OPENSSL || !tls->internals) return;
    const auto* connection = static_cast<const ssl_st*>(tls->internals);
    response_.tls_version = tls_version_of(connection);
    if (request_.want_certificates) response_.chain = presented_chain(connection);
}

std::size_t Transfer::on_body(const char* bytes, std::size_t, std::size_t count, void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    std::string& kept = transfer.body_;
    kept.append(bytes, std::min(count, kept_body - kept.size()));
    transfer.body_size_ += count;
    return transfer.body_size_ > most_body ? 0 : count;
}

Response Transfer::response(int code) {
    response_.address = peer();
    const bool cut = code == CURLE_WRITE_ERROR && body_size_ > most_body;
    // libcurl takes a header that breaks off behind its first line for an answer.
    if ((code == CURLE_OK && header_complete_) || cut) {
        response_.kind = Response::Kind::status;
        response_.status = static_cast<int>(info<long>(easy_, CURLINFO_RESPONSE_CODE));
        const auto seconds = info<curl_off_t>(easy_, CURLINFO_RETRY_AFTER);
        if (seconds > 0) {
            constexpr curl_off_t a_year = 365 * 24 * 3600;
            response_.retry_after = std::chrono::seconds(std::min(seconds, a_year));
        }
        if (response_.status != proxy_authentication_required || !proxy_answers()) {
            response_.body = quote_of(body_, request_);
            return std::move(response_);
        }
        response_.words = "the proxy asks for a user and a password (407), which it cannot be given";
    } else {
        response_.words = record::safe(words(code));
    }
    response_.kind =
        code == CURLE_OPERATION_TIMEDOUT ? Response::Kind::timeout : Response::Kind::network_error;
    return std::move(response_);
}

// What is not encrypted a proxy reads and answers itself (RFC 9110, 15.5.8); any other leads to the receiver.
bool Transfer::proxy_answers() const {
    return in_scheme(request_.url, "http") &&
           (in_scheme(request_.proxy, "http") || in_scheme(request_.proxy, "https"));
}

std::string Transfer::peer() const {
    const char* address = info<char*>(easy_, CURLINFO_PRIMARY_IP);
    if (!address || !*address) return "";
    const std::string port = std::to_string(info<long>(easy_, CURLINFO_PRIMARY_PORT));
    return std::strchr(address, ':') ? "[" + std::string(address) + "]:" + port : address + (":" + port);
}

std::string Transfer::words(int code) const {
    const bool by_proxy = !request_.proxy.empty();
    const std::string receiver = receiver_of(request_.url) + (by_proxy ? " by way of the proxy" : "");
    const std::string details = error_[0] ? error_.data() : curl_easy_strerror(static_cast<CURLcode>(code));
    switch (code) {
        case CURLE_OK:
            return receiver + " closed the connection within the header of its answer";
        case CURLE_GOT_NOTHING:
            return receiver + " closed the connection without an answer";
        case CURLE_PARTIAL_FILE:
            return receiver + " closed the connection within its answer";
        case CURLE_COULDNT_RESOLVE_HOST:
            return "cannot resolve the name of " + receiver;
        case CURLE_COULDNT_RESOLVE_PROXY:
            return "cannot resolve the name of the proxy";
        case CURLE_COULDNT_CONNECT: {
            const int error =
                no_socket_ ? no_socket_ : static_cast<int>(info<long>(easy_, CURLINFO_OS_ERRNO));
            std::string text = "cannot connect to " + (by_proxy ? "the proxy" : receiver) + ": ";
            if (error == EAFNOSUPPORT) return text.append(sink::no_internet);
            return text + (error ? std::strerror(error) : details);
        }
        case CURLE_OPERATION_TIMEDOUT: {
            const std::string early = in_words(std::min(request_.connect_timeout, request_.timeout));
            if (info<curl_off_t>(easy_, CURLINFO_NAMELOOKUP_TIME_T) == 0)
                return "cannot resolve the name of " + (by_proxy ? "the proxy" : receiver) + " within " +
                       early;
            if (info<curl_off_t>(easy_, CURLINFO_PRETRANSFER_TIME_T) == 0)
                return "no connection to " + receiver + " within " + early;
            return "no whole answer from " + receiver + " within " + in_words(request_.timeout);
        }
        case CURLE_WRITE_ERROR:
            return "the header of the answer from " + receiver + " does not end";
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
            return "what " + receiver + " answers is no HTTP (" + details + ")";
        default: {
            const bool of_proxy = info<long>(easy_, CURLINFO_PROXY_SSL_VERIFYRESULT) != 0;  // X509_V_OK
            return (of_proxy ? "the proxy" : receiver) + ": " + details;
        }
    }
}

}  // namespace nlwatch::webhook
