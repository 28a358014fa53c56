// The head of an answer, and the framing of its body. Pure.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nlwatch::http {

struct Head {
    unsigned status = 200;
    std::string_view type;                // of the content
    std::string_view more;                // further fields, each with its "\r\n"
    std::optional<std::uint64_t> length;  // of the body in bytes; null: as many as it turns out to be
    bool http_1_1 = true;                 // of the client: it reads chunks
    bool keep_alive = true;

    // A body of unknown length is sent in chunks, or to a client of HTTP/1.0 until the connection closes.
    bool chunked() const { return !length && http_1_1; }
};

// Status line, fields and the empty line behind them.
std::string head_text(const Head&, std::chrono::system_clock::time_point now);

std::string chunk_head(std::size_t bytes);  // stands before a chunk, chunk_end behind it
inline constexpr std::string_view chunk_end = "\r\n";
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace nlwatch::http
