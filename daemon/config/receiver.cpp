#include "config/receiver.hpp"

#include <arpa/inet.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <initializer_list>

namespace nlwatch::config {

namespace {

constexpr std::size_t longest_name = 253;  // of a host, RFC 1035 without the dot at the end

struct HostAndPort {
    std::string_view host;  // without brackets
    bool bracketed;
    std::optional<std::uint16_t> port;
};

bool all_of(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_ip(int family, std::string_view text) {
    unsigned char bytes[sizeof(in6_addr)];
    return text.find('\0') == std::string_view::npos &&
           ::inet_pton(family, std::string{text}.c_str(), bytes) == 1;
}

// What is wrong with it as a name or an IPv4 address; null if nothing is.
std::optional<std::string> wrong_name(std::string_view host) {
    if (host.empty()) return "the host is missing";
    if (host.size() > longest_name)
        return fmt::format("a host's name has at most {} characters", longest_name);
    if (!all_of(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"))
        return "a host's name is of letters, digits, '.', '-' and '_'";
    // A name that ends in a number is taken for an address by whoever resolves it: "127.1" is 127.0.0.1.
    if (all_of(host.substr(host.rfind('.') + 1), "0123456789") && !is_ip(AF_INET, host))
        return "this is no IPv4 address, and no name ends in a number";
    return std::nullopt;
}

std::variant<HostAndPort, std::string> parse_host_and_port(std::string_view text) {
    HostAndPort parsed{text, false, {}};
    std::string_view behind;
    if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        if (bracket == std::string_view::npos) return std::string{"']' is missing"};
        parsed = {text.substr(1, bracket - 1), true, {}};
        behind = text.substr(bracket + 1);
        if (!is_ip(AF_INET6, parsed.host)) return std::string{"in brackets stands an IPv6 address"};
        if (!behind.empty() && !behind.starts_with(':'))
            return std::string{"behind ']' stands ':' and the port"};
    } else {
        parsed.host = text.substr(0, text.find(':'));
        behind = text.substr(parsed.host.size());
        if (behind.rfind(':') != 0 && !behind.empty())
            return std::string{"an IPv6 address stands in brackets"};
        if (const auto wrong = wrong_name(parsed.host)) return *wrong;
    }
    if (behind.empty()) return parsed;
    std::uint16_t port{};
    const auto [end, error] = std::from_chars(behind.data() + 1, behind.data() + behind.size(), port);
    if (error != std::errc{} || end != behind.data() + behind.size() || port == 0)
        return std::string{"a port is from 1 to 65535"};
    parsed.port = port;
    return parsed;
}

struct Url {
    std::string scheme;  // in lower case
    std::string_view authority;
    std::string_view rest;  // path, query, fragment
};

std::optional<Url> split(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    Url url{std::string{text.substr(0, colon)}, text.substr(colon + 3), {}};
    for (char& c : url.scheme) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::size_t end = std::min(url.authority.find_first_of("/?#"), url.authority.size());
    url.rest = url.authority.substr(end);
    url.authority = url.authority.substr(0, end);
    return url;
}

std::optional<std::string> wrong_characters(std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte == 0x7f) return "no white space and no control character can stand in a URL";
        if (byte > 0x7f)
            return "a URL is ASCII: other characters are written percent-encoded, as in \"%C3%A9\", and in a "
                   "host's name as in \"xn--bcher-kva.example\"";
        if (c == '\\') return "no backslash can stand in a URL";
    }
    return std::nullopt;
}

std::optional<std::string> wrong(std::string_view text, std::initializer_list<std::string_view> schemes,
                                 std::string_view for_credentials) {
    if (auto characters = wrong_characters(text)) return characters;
    const auto url = split(text);
    if (!url || std::find(schemes.begin(), schemes.end(), url->scheme) == schemes.end())
        return fmt::format("must begin with \"{}://\"", fmt::join(schemes, "://\" or \""));
    if (url->authority.find('@') != std::string_view::npos)
        return fmt::format("neither a user nor a password may stand in it{}", for_credentials);
    const auto parsed = parse_host_and_port(url->authority);
    if (const auto* why = std::get_if<std::string>(&parsed)) return *why;
    return std::nullopt;
}

}  // namespace

std::variant<Endpoint, std::string> parse_endpoint(std::string_view text) {
    constexpr std::string_view examples = "\"/run/vector.sock\" or \"127.0.0.1:9000\"";
    if (text.starts_with('/')) {
        if (text.find('\0') != std::string_view::npos) return std::string{"no path has a NUL in it"};
        if (text.size() > longest_socket_path)
            return fmt::format("is too long for a socket: {} bytes, where at most {} fit", text.size(),
                               longest_socket_path);
        return Endpoint{std::string{text}, {}, {}};
    }
    if (text.find("://") != std::string_view::npos)
        return fmt::format("must be no URL, but a path, or a host and a port, such as {}", examples);
    if (is_ip(AF_INET6, text))
        return std::string{"an IPv6 address stands in brackets, with a port behind, such as \"[::1]:9000\""};
    const auto parsed = parse_host_and_port(text);
    if (const auto* why = std::get_if<std::string>(&parsed))
        return fmt::format("{}; write {}", *why, examples);
    const auto& [host, bracketed, port] = std::get<HostAndPort>(parsed);
    if (!port) return fmt::format("the port is missing: write \"{}:9000\"", text);
    return Endpoint{{}, std::string{host}, *port};
}

std::optional<std::string> wrong_url(std::string_view url) {
    return wrong(url, {"https", "http"}, ": put them into auth");
}

std::optional<std::string> wrong_proxy(std::string_view url) {
    if (auto why = wrong(url, {"http", "https", "socks5"}, "")) return why;
    const std::string_view rest = split(url)->rest;
    if (!rest.empty() && rest != "/") return "nothing but a host and a port stands in a proxy's URL";
    return std::nullopt;
}

bool is_encrypted(std::string_view url) {
    const auto parts = split(url);
    return parts && parts->scheme == "https";
}

std::string shown_url(std::string_view text) {
    const auto url = split(text);
    if (!url || !all_of(url->scheme, "abcdefghijklmnopqrstuvwxyz0123456789")) return "…";
    const auto parsed = parse_host_and_port(url->authority.substr(url->authority.rfind('@') + 1));
    const auto* where = std::get_if<HostAndPort>(&parsed);
    if (!where) return "…";
    return fmt::format("{}://{}{}{}", url->scheme,
                       where->bracketed ? fmt::format("[{}]", where->host) : std::string{where->host},
                       where->port ? fmt::format(":{}", *where->port) : "",
                       url->rest.empty() || url->rest == "/" ? "" : "/…");
}

}  // namespace nlwatch::config
