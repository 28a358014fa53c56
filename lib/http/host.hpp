// Which names a request may call this server by. Pure.
#pragma once
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nlwatch::http {

// What a Host header or an authority names, without port and brackets; null if it is no such text.
std::optional<std::string> host_of(std::string_view authority);

// A web page may send its visitor's browser to a name of its own that leads here (DNS rebinding): over TCP
// only the connection's own address and known names are answered.
bool host_allowed(std::string_view host, const boost::asio::ip::address& own,
                  const std::vector<std::string>& names);

}  // namespace nlwatch::http
