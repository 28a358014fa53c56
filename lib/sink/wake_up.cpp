#include "sink/wake_up.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace nlwatch::sink {

namespace asio = boost::asio;

WakeUp::WakeUp(asio::any_io_executor executor)
    : never_(std::move(executor), asio::steady_timer::time_point::max()) {}

void WakeUp::notify() {
    ++turn_;
    never_.cancel();
}

asio::awaitable<void> WakeUp::wait(std::uint64_t seen) {
    if (turn_ == seen) co_await never_.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace nlwatch::sink
