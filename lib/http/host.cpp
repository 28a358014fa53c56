#include "http/host.hpp"

#include <algorithm>

#include "http/text.hpp"

namespace nlwatch::http {

namespace {

namespace ip = boost::asio::ip;

bool is_port(std::string_view text) {
    return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view{"-._~%!$&'()*+,;="}.find(c) != std::string_view::npos;
    });
}

// Without the zone of a link-local one: a client that came here by it need not repeat it.
ip::address plain(const ip::address& address) {
    return address.is_v6() ? ip::address{ip::address_v6{address.to_v6().to_bytes()}} : address;
}

}  // namespace

std::optional<std::string> host_of(std::string_view authority) {
    std::string_view host, behind;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = authority.substr(1, end - 1);
        behind = authority.substr(end + 1);
        if (host.empty() || host.find_first_not_of("0123456789abcdefABCDEF:.%vV") != std::string_view::npos)
            return std::nullopt;
    } else {
        const std::size_t end = std::min(authority.find(':'), authority.size());
        host = authority.substr(0, end);
        behind = authority.substr(end);
        if (!is_name(host)) return std::nullopt;
    }
    if (!behind.empty() && (behind.front() != ':' || !is_port(behind.substr(1)))) return std::nullopt;
    return std::string{host};
}

bool host_allowed(std::string_view host, const ip::address& own, const std::vector<std::string>& names) {
    if (std::any_of(names.begin(), names.end(),
                    [&](const std::string& name) { return same_word(name, host); }))
        return true;
    boost::system::error_code none;
    const ip::address named = ip::make_address(host, none);
    return !none && plain(named) == plain(own);
}

}  // namespace nlwatch::http
