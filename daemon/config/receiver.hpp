// Where sinks connect to: a receiver's URL, a proxy's, the address of a listener.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace nlwatch::config {

inline constexpr std::size_t longest_socket_path = 107;  // sun_path of unix(7), without its NUL

// A listener that takes lines.
struct Endpoint {
    std::string path;      // of a Unix socket, absolute; empty: TCP
    std::string host;      // a name, or an IP address without brackets
    std::uint16_t port{};  // 1 to 65535

    bool operator==(const Endpoint&) const = default;
};

// "/run/vector.sock", "logs.example.org:9000", "[::1]:9000". Else what is wrong, and what would be right.
std::variant<Endpoint, std::string> parse_endpoint(std::string_view);

// What is wrong with a URL (RFC 3986), in words that show nothing of it, for passwords and tokens stand in
// URLs; null if nothing is. A receiver's is http or https; a proxy's may be socks5, and has no path.
std::optional<std::string> wrong_url(std::string_view);
std::optional<std::string> wrong_proxy(std::string_view);

bool is_encrypted(std::string_view url);  // https

// "https://example.org:8443/…", where "/…" stands for a path or query, if there is one, which may hold a
// token: the one way in which a URL is shown to anybody. "…" for what is none.
std::string shown_url(std::string_view);

}  // namespace nlwatch::config
