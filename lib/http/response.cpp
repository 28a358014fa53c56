#include "http/response.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace nlwatch::http {

namespace {

std::string_view reason(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Content Too Large";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 431:
            return "Request Header Fields Too Large";
        case 503:
            return "Service Unavailable";
        default:
            return "";  // RFC 9112 §4: may be empty, and clients ignore it
    }
}

// RFC 9110 §5.6.7, whatever the locale.
std::string date(std::chrono::system_clock::time_point now) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %d %02d:%02d:%02d GMT",
                  days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                  months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                  utc.tm_sec);
    return text.data();
}

}  // namespace

std::string head_text(const Head& head, std::chrono::system_clock::time_point now) {
    std::string text = "HTTP/1.1 " + std::to_string(head.status) + " ";
    text.append(reason(head.status)).append("\r\nDate: ").append(date(now)).append("\r\nServer: nlwatch\r\n");
    // Live data, and names of any bytes in it: nobody is to keep an answer, or to guess what it is.
    text.append("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
    text.append("Content-Type: ").append(head.type).append("\r\n");
    if (head.length)
        text.append("Content-Length: ").append(std::to_string(*head.length)).append("\r\n");
    else if (head.chunked())
        text.append("Transfer-Encoding: chunked\r\n");
    if (!head.keep_alive)
        text.append("Connection: close\r\n");
    else if (!head.http_1_1)
        text.append("Connection: keep-alive\r\n");
    return text.append(head.more).append("\r\n");
}

std::string chunk_head(std::size_t bytes) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%zx\r\n", bytes);
    return text.data();
}

}  // namespace nlwatch::http
