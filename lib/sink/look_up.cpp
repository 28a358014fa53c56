#include "sink/look_up.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

namespace nlwatch::sink {

namespace asio = boost::asio;

namespace {

// Of both: whoever is last closes the descriptor.
struct Shared {
    ~Shared() {
        if (done >= 0) ::close(done);
    }
    const int done = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    LookUp::Result result;
    std::atomic<bool> ready = false;  // `result` is the reader's from then on
};

LookUp::Result look_up(const std::string& host, const std::string& port) {
    LookUp::Result result;
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
    if (error != 0) result.error = error == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(error);
    for (const addrinfo* it = list; it; it = it->ai_next) {
        LookUp::Endpoint endpoint(it->ai_addr, it->ai_addrlen, it->ai_protocol);
        result.found.push_back(endpoint);
    }
    if (list) ::freeaddrinfo(list);
    return result;
}

}  // namespace

asio::awaitable<LookUp::Result> LookUp::run(std::string host, std::string port) {
    const auto shared = std::make_shared<Shared>();
    const int own = shared->done < 0 ? -1 : ::fcntl(shared->done, F_DUPFD_CLOEXEC, 0);
    Result result;
    if (own < 0) {
        result.error = std::strerror(errno);
        co_return result;
    }
    done_.emplace(executor_, own);
    try {
        std::thread([shared, host, port] {
            shared->result = look_up(host, port);
            shared->ready = true;
            [[maybe_unused]] const int told = ::eventfd_write(shared->done, 1);
        }).detach();
    } catch (const std::system_error& error) {
        done_.reset();
        result.error = error.code().message();
        co_return result;
    }
    co_await done_->async_wait(asio::posix::stream_descriptor::wait_read,
                               asio::as_tuple(asio::use_awaitable));
    done_.reset();
    if (shared->ready) result = std::move(shared->result);
    co_return result;
}

}  // namespace nlwatch::sink
