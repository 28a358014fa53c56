// A listening TCP socket.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <string>

#include "http/acceptor.hpp"

namespace nlwatch::http {

// `address`: IPv4 or IPv6, as a number; it need not be there yet (IP_FREEBIND). IPv6 takes no IPv4 along.
// `port`: 0 for any. Throws std::system_error that says what and where.
Acceptor listen_tcp(boost::asio::any_io_executor, const std::string& address, std::uint16_t port);

}  // namespace nlwatch::http
