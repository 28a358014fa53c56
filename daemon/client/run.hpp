// What a command does, from beginning to end, on a reactor of its own.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace nlwatch::client {

// Runs it to its end, or until somebody stops the reactor; throws what it throws.
void run(boost::asio::io_context&, boost::asio::awaitable<void>);

}  // namespace nlwatch::client
