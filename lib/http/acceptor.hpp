// Sockets of any kind: TCP and Unix are served by the same code.
#pragma once
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

namespace nlwatch::http {

using Socket = boost::asio::generic::stream_protocol::socket;
using Acceptor =
    boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;  // takes one of any kind

}  // namespace nlwatch::http
