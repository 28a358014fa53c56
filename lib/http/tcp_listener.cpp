#include "http/tcp_listener.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

namespace nlwatch::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

void check(const boost::system::error_code& error, const tcp::endpoint& endpoint) {
    if (!error) return;
    const bool v6 = endpoint.address().is_v6();
    const std::string where = (v6 ? "[" : "") + endpoint.address().to_string() + (v6 ? "]:" : ":") +
                              std::to_string(endpoint.port());
    throw std::system_error(error.value(), std::generic_category(), "cannot listen on " + where);
}

}  // namespace

Acceptor listen_tcp(asio::any_io_executor executor, const std::string& address, std::uint16_t port) {
    boost::system::error_code error;
    const asio::ip::address number = asio::ip::make_address(address, error);
    if (error)
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                "cannot listen on '" + address + "', which is no IP address");
    const tcp::endpoint endpoint{number, port};
    tcp::acceptor acceptor{std::move(executor)};
    acceptor.open(endpoint.protocol(), error);
    check(error, endpoint);
    const int yes = 1;  // IP_FREEBIND is of IPv6 sockets, too
    if (::setsockopt(acceptor.native_handle(), IPPROTO_IP, IP_FREEBIND, &yes, sizeof yes) != 0)
        error.assign(errno, boost::system::system_category());
    check(error, endpoint);
    acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    check(error, endpoint);
    if (number.is_v6()) {
        acceptor.set_option(asio::ip::v6_only{true}, error);
        check(error, endpoint);
    }
    acceptor.bind(endpoint, error);
    check(error, endpoint);
    acceptor.listen(asio::socket_base::max_listen_connections, error);
    check(error, endpoint);
    return Acceptor{std::move(acceptor)};
}

}  // namespace nlwatch::http
