// `nlwatch sink test`: one event to a sink's receiver, and what came of it.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>

#include "backlog/backlog.hpp"
#include "http/server.hpp"
#include "sink/destination.hpp"

namespace nlwatch {

// The answer is JSON. Only webhooks can be tried out: any other sink is refused. Both must outlive it.
boost::asio::awaitable<http::Answer> try_sink(sink::Destination&, std::string name, const backlog::Backlog&);

// An answer that says no, in words.
http::Answer refusal(unsigned status, const std::string& why);

}  // namespace nlwatch
