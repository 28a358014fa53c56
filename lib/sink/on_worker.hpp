// What may block, done elsewhere than on the reactor.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace nlwatch::sink {

// Runs `work` on the worker, behind what it was given before, and gives what it returns, or throws what it
// throws, on the coroutine's own executor. What `work` refers to must be there until then. A lambda that
// captures is named first and moved in: g++ 12 destroys a temporary in an expression that awaits twice.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> on_worker(boost::asio::thread_pool& worker, Work work) {
    namespace asio = boost::asio;
    const asio::any_io_executor home = co_await asio::this_coro::executor;
    std::optional<std::invoke_result_t<Work&>> result;
    std::exception_ptr failed;
    co_await asio::post(asio::bind_executor(worker.get_executor(), asio::use_awaitable));
    try {
        result.emplace(work());
    } catch (...) {
        failed = std::current_exception();
    }
    co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
    if (failed) std::rethrow_exception(failed);
    co_return *std::move(result);
}

}  // namespace nlwatch::sink
