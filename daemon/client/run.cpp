#include "client/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace nlwatch::client {

void run(boost::asio::io_context& io, boost::asio::awaitable<void> command) {
    std::exception_ptr failed;
    boost::asio::co_spawn(io, std::move(command), [&](std::exception_ptr error) {
        failed = error;
        io.stop();
    });
    io.run();
    if (failed) std::rethrow_exception(failed);
}

}  // namespace nlwatch::client
