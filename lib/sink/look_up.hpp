// The addresses of a name, looked up where nobody has to wait for it.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>
#include <string>
#include <vector>

namespace nlwatch::sink {

// getaddrinfo(3) cannot be ended, and takes long when the network is down, which is when a daemon like this
// one is stopped, too. Asio's resolver has its thread joined at the end; here the thread is left to itself.
class LookUp {
public:
    using Endpoint = boost::asio::generic::stream_protocol::endpoint;
    struct Result {
        std::vector<Endpoint> found;
        std::string error;  // in words, if nothing is found; empty if it was cancelled
    };

    explicit LookUp(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    // TCP. One at a time. `port`: a number.
    boost::asio::awaitable<Result> run(std::string host, std::string port);
    void cancel() {
        if (done_) done_->cancel();
    }

private:
    boost::asio::any_io_executor executor_;
    std::optional<boost::asio::posix::stream_descriptor> done_;  // readable when it is
};

}  // namespace nlwatch::sink
