// Opens all doors of the daemon at its start: those that were passed to it, and the others by itself.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <functional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "doors.hpp"
#include "http/server.hpp"
#include "passed_sockets.hpp"
#include "sink/unix_listener.hpp"

namespace nlwatch {

struct OpenDoors {
    boost::asio::local::stream_protocol::acceptor stream;
    std::vector<http::Listener> http;     // http.sock, control.sock and those of [[http.listen]]
    std::vector<sink::SocketFile> files;  // of sockets that were made here: they go with this

    std::string stream_path, http_path;  // for people
    std::vector<std::string> addresses;  // of the IP listeners: "127.0.0.1:9617"
    std::vector<std::string> unlisted;   // of them, what was passed and no [[http.listen]] names
};

// `folder` is asked once, if a socket has to be made. Throws Failure: what cannot be opened, why, and what to
// do about it (in a unit: which socket unit).
OpenDoors open_doors(boost::asio::any_io_executor, const config::Config&,
                     std::function<doors::Folder()> folder, PassedSockets);

}  // namespace nlwatch
