#include "kernel/request_socket.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <system_error>

#include "kernel/netlink_socket.hpp"
#include "netlink/ext_ack.hpp"

namespace nlwatch::kernel {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds answer_timeout{5};
constexpr int receive_buffer = 1024 * 1024;

// The loopback link's index: it is there in every namespace and cannot be deleted.
netlink::Request ask_for_loopback() {
    ifinfomsg link{};
    link.ifi_index = 1;
    // Not with RTEXT_FILTER_NAME_ONLY: newer kernels then answer without taking the lock.
    return netlink::Request{RTM_GETLINK, 0}.body(link);
}

}  // namespace

RequestSocket::RequestSocket(asio::any_io_executor executor)
    : descriptor_(executor), timer_(executor), buffer_(128 * 1024) {
    open();
}

void RequestSocket::open() {
    const int fd = open_netlink_socket();
    boost::system::error_code unwatched;
    descriptor_.assign(fd, unwatched);
    if (unwatched) {
        ::close(fd);
        throw std::system_error(unwatched, "cannot wait for the netlink request socket");
    }
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    socklen_t length = sizeof address;
    // Connected to the kernel (port id 0), so that it refuses the answers that others would forge.
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), length) < 0 ||
        ::connect(fd, reinterpret_cast<sockaddr*>(&address), length) < 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) < 0)
        throw_errno("cannot bind the netlink request socket");
    port_id_ = address.nl_pid;
    const int buffer = receive_buffer / 2;
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer,
                 sizeof buffer);  // less is enough: only answers are read here
    for (const int option : {NETLINK_GET_STRICT_CHK, NETLINK_EXT_ACK, NETLINK_CAP_ACK})
        set_option(fd, SOL_NETLINK, option, 1, "cannot set an option of the netlink request socket");

    // The kernel sizes a dump's datagrams by the largest read seen on the socket: one large read before the
    // first dump makes them 32 KiB from the start, and every later read must be as large.
    netlink::Request prime = ask_for_loopback();
    const netlink::Bytes bytes = prime.bytes(++sequence_);
    if (::send(fd, bytes.data(), bytes.size(), 0) < 0 || ::recv(fd, buffer_.data(), buffer_.size(), 0) < 0)
        throw_errno("cannot ask the kernel for its links");
}

asio::awaitable<RequestSocket::Answer> RequestSocket::barrier() {
    netlink::Request request = ask_for_loopback();
    const OnDatagram nothing = [](const Datagram&) {};
    co_return co_await ask(request, nothing);
}

asio::awaitable<RequestSocket::Answer> RequestSocket::ask(netlink::Request& request,
                                                          const OnDatagram& on_datagram) {
    const std::uint32_t sequence = ++sequence_;
    const Clock::time_point deadline = Clock::now() + answer_timeout;
    const netlink::Bytes bytes = request.bytes(sequence);
    if (!descriptor_.is_open() && !try_open()) co_return Answer{};
    if (::send(descriptor_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT) < 0)
        co_return reopened();

    Answer answer;
    for (bool done = false; !done;) {
        const ssize_t length =
            ::recv(descriptor_.native_handle(), buffer_.data(), buffer_.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (length < 0 && errno == EINTR) continue;
        if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            if (!co_await readable(deadline)) co_return reopened();
            continue;
        }
        if (length < 0) co_return reopened();
        if (static_cast<std::size_t>(length) > buffer_.size()) {
            buffer_.resize(netlink::aligned(static_cast<std::size_t>(length) * 2));
            co_return reopened();
        }
        if (!parse({buffer_.data(), static_cast<std::size_t>(length)}, sequence, answer, done))
            co_return reopened();
        // An earlier dump on this socket is still running, which only a new socket ends.
        if (answer.error == EBUSY) co_return reopened();
        on_datagram({rows_, static_cast<std::size_t>(length), done});
        // Behind the last one, too: of thousands of links' own dumps each may come whole at once.
        co_await asio::post(asio::use_awaitable);
    }
    answer.answered = true;
    co_return answer;
}

// Sorts one datagram's messages into rows and the answer's end; false if it cannot be trusted.
bool RequestSocket::parse(netlink::Bytes datagram, std::uint32_t sequence, Answer& answer, bool& done) {
    rows_.clear();
    netlink::MessageReader reader{datagram};
    while (const auto message = reader.next()) {
        if (!message->answers(sequence, port_id_)) continue;  // of a request that was given up
        if (message->dump_interrupted()) answer.interrupted = true;
        if (const auto end = netlink::acknowledgement(*message)) {
            answer.error = end->error;
            done = true;
        } else if (message->type == NLMSG_ERROR || message->type == NLMSG_DONE ||
                   message->type == NLMSG_OVERRUN) {
            return false;
        } else if (message->type != NLMSG_NOOP) {
            rows_.push_back(*message);
            if (!(message->flags & NLM_F_MULTI)) done = true;  // an answer of one message has no other end
        }
    }
    return !reader.broken();
}

asio::awaitable<bool> RequestSocket::readable(Clock::time_point deadline) {
    timer_.expires_at(deadline);
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) descriptor_.cancel();
    });
    boost::system::error_code error;
    co_await descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                                    asio::redirect_error(asio::use_awaitable, error));
    timer_.cancel();
    co_return descriptor_.is_open() && Clock::now() < deadline;
}

// Without descriptors left there is no new socket now: the next request tries again.
bool RequestSocket::try_open() {
    if (closed_) return false;
    try {
        open();
        return true;
    } catch (const std::system_error&) {
        boost::system::error_code ignored;
        descriptor_.close(ignored);
        return false;
    }
}

RequestSocket::Answer RequestSocket::reopened() {
    boost::system::error_code ignored;
    descriptor_.close(ignored);
    try_open();
    return {};
}

void RequestSocket::close() {
    closed_ = true;
    timer_.cancel();
    boost::system::error_code ignored;
    descriptor_.close(ignored);
}

}  // namespace nlwatch::kernel
