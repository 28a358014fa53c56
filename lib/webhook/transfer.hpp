// One request in libcurl's hands, and its answer as it comes.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include "webhook/request.hpp"

struct curl_slist;

namespace nlwatch::webhook {

class Transfer {
public:
    // `request` must outlive it. Throws std::runtime_error if libcurl refuses what it is asked for.
    explicit Transfer(const Request& request);
    ~Transfer();  // by then no multi handle has it
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    void* handle() const { return easy_; }  // a CURL
    // What came of it, now that libcurl is done with this CURLcode. All but the duration.
    Response response(int code);

private:
    static std::size_t on_header(const char* bytes, std::size_t size, std::size_t count, void* self) noexcept;
    static std::size_t on_body(const char* bytes, std::size_t size, std::size_t count, void* self) noexcept;
    void configure();
    void configure_tls();
    void add_headers();
    void take_header(std::string_view line);
    bool proxy_answers() const;
    std::string peer() const;
    std::string words(int code) const;

    const Request& request_;
    void* easy_;
    curl_slist* headers_ = nullptr;
    std::array<char, 256> error_{};  // CURL_ERROR_SIZE
    int no_socket_ = 0;              // errno of socket(2), if that failed
    std::size_t header_size_ = 0, body_size_ = 0;
    bool header_complete_ = false;
    std::string body_;  // its beginning
    Response response_;
};

}  // namespace nlwatch::webhook
