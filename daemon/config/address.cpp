#include "config/address.hpp"

#include <arpa/inet.h>
#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <optional>

#include "record/safe_text.hpp"

namespace nlwatch::config {

namespace {

constexpr std::string_view example_port = "9617";

// The address in its usual form; null if it is none.
std::optional<std::string> usual(int family, std::string_view text) {
    unsigned char bytes[sizeof(in6_addr)];
    char written[INET6_ADDRSTRLEN];
    const std::string terminated{text};
    if (text.find('\0') != std::string_view::npos || ::inet_pton(family, terminated.c_str(), bytes) != 1 ||
        !::inet_ntop(family, bytes, written, sizeof(written)))
        return std::nullopt;
    return written;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port{};
    const char* const end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || behind != end) return std::nullopt;
    return port;
}

std::string write(std::string_view address) { return fmt::format("write \"{}\"", address); }

// What stands where an IP address should.
std::string no_address(std::string_view host, std::string_view port) {
    if (host.empty())
        return fmt::format("which address is meant? {}", write(fmt::format("127.0.0.1:{}", port)));
    if (host == "*") return fmt::format("for all addresses {}", write(fmt::format("0.0.0.0:{}", port)));
    if (host == "localhost")
        return fmt::format("'localhost' is a name: {} or \"[::1]:{}\"",
                           write(fmt::format("127.0.0.1:{}", port)), port);
    if (host.find('%') != std::string_view::npos)
        return "an address with a scope ('%') cannot be listened at";
    return fmt::format("'{}' is no IP address", record::safe(host));
}

}  // namespace

std::variant<SocketAddress, std::string> parse_address(std::string_view text) {
    if (const auto v4 = usual(AF_INET, text))
        return "the port is missing: " + write(fmt::format("{}:{}", *v4, example_port));
    if (const auto v6 = usual(AF_INET6, text)) {
        const std::size_t last = text.rfind(':');
        const auto before = usual(AF_INET6, text.substr(0, last));
        const auto port = port_of(text.substr(last + 1));
        return "an IPv6 address stands in brackets, with a port behind: " +
               (before && port ? write(fmt::format("[{}]:{}", *before, *port))
                               : write(fmt::format("[{}]:{}", *v6, example_port)));
    }
    if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos)
        return "which address is meant? " + write(fmt::format("127.0.0.1:{}", text));

    const bool bracketed = text.starts_with('[');
    const std::size_t colon = text.rfind(':');
    const std::size_t bracket = text.rfind(']');
    if (bracketed && bracket == std::string_view::npos) return std::string{"']' is missing"};
    if (colon == std::string_view::npos || (bracketed && colon < bracket))
        return fmt::format("must be an IP address and a port, such as \"127.0.0.1:{0}\" or \"[::1]:{0}\"",
                           example_port);
    std::string_view host = text.substr(0, colon);
    const auto port = port_of(text.substr(colon + 1));
    if (!port)
        return fmt::format("'{}' is no port: a port is from 0 (one that the kernel chooses) to 65535",
                           record::safe(text.substr(colon + 1)));
    if (bracketed) {
        host = host.substr(1, bracket - 1);
        if (bracket + 1 != colon) return std::string{"behind ']' stands ':' and the port"};
    }
    const auto ip = usual(bracketed ? AF_INET6 : AF_INET, host);
    if (!ip && !bracketed)
        if (const auto v6 = usual(AF_INET6, host))
            return "an IPv6 address stands in brackets: " + write(fmt::format("[{}]:{}", *v6, *port));
    if (!ip) return no_address(host, text.substr(colon + 1));
    if (ip->starts_with("::ffff:") && ip->find('.') != std::string::npos)
        return "this is an IPv4 address within IPv6: " + write(fmt::format("{}:{}", ip->substr(7), *port));
    return SocketAddress{*ip, *port, bracketed ? *ip == "::1" : ip->starts_with("127.")};
}

}  // namespace nlwatch::config
