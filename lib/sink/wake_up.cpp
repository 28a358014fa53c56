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
    for (asio::steady_timer* timer : until_) timer->cancel();
}

asio::awaitable<void> WakeUp::wait(std::uint64_t seen, std::optional<Time> until) {
    if (turn_ != seen) co_return;
    if (!until) {
        co_await never_.async_wait(asio::as_tuple(asio::use_awaitable));
        co_return;
    }
    asio::steady_timer timer(never_.get_executor(), *until);
    until_.insert(&timer);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    until_.erase(&timer);
}

}  // namespace nlwatch::sink
