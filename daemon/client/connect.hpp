// The way in to a daemon's socket, and helpful words where there is none.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <string>

namespace nlwatch::client {

// What a door is good for, so that a refusal can say what to do instead.
enum class Purpose : bool { read, control };

// Does not wait: a Unix socket takes a connection at once or not at all. Throws Failure that says what to do:
// `unreachable` (nobody listens there, or does not come to it), `permission` (whom the socket lets in),
// `usage` (a path that is too long for a socket).
boost::asio::local::stream_protocol::socket connect(boost::asio::any_io_executor, const std::string& path,
                                                    Purpose);

// A line on standard error if the daemon's version is not this program's; `version` empty: it is not known.
void warn_of_other_version(const std::string& version);

}  // namespace nlwatch::client
