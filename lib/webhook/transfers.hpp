// HTTP out: requests to receivers, by libcurl, on the reactor.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "webhook/request.hpp"

namespace nlwatch::webhook {

// Any number of transfers at once, none of which waits for another. Connections are kept for the next request
// to the same place; one that died in the meantime is replaced and counts as no attempt, as is one on which
// the receiver spoke unasked (while no other transfer is under way). Names are resolved by threads of
// libcurl's, anew for each connection. Used on the executor's thread alone.
class Transfers {
public:
    // Throws std::runtime_error if the libcurl that is there cannot do what is said here.
    explicit Transfers(boost::asio::any_io_executor);
    ~Transfers();
    Transfers(const Transfers&) = delete;
    Transfers& operator=(const Transfers&) = delete;

    // Sends it by POST, over HTTP/1.1, and waits for the whole answer; redirects are answers as any other.
    // TLS is 1.2 or newer, and verified. The body of an answer is read to 1 MiB; there the status counts and
    // the connection is closed. Whatever goes wrong is in the Response. Terminal cancellation ends the
    // transfer: operation_aborted is thrown.
    boost::asio::awaitable<Response> post(Request);

    // All that are under way end now, as network errors, and are told so in the reactor's next turn: until
    // then, the object may only go if nobody waits for a Response.
    void abort();

private:
    class Multi;
    boost::asio::any_io_executor executor_;
    std::shared_ptr<Multi> multi_;  // another one, with connections of its own, when its own are not fit
};

}  // namespace nlwatch::webhook
