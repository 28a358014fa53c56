// The socket on which nlwatch asks the kernel: barriers and dumps, one request at a time.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "netlink/message.hpp"
#include "netlink/request.hpp"

namespace nlwatch::kernel {

// Apart from the events' socket since dumps on that one would eat the room that events need, and make
// overruns of their own.
class RequestSocket {
public:
    // Throws std::system_error if it cannot be opened.
    explicit RequestSocket(boost::asio::any_io_executor);

    struct Datagram {
        const std::vector<netlink::Message>&
            rows;             // without the message that ends the answer; valid during the call
        std::size_t bytes{};  // of the whole datagram
        bool done{};          // the answer ends in it
    };
    using OnDatagram = std::function<void(const Datagram&)>;

    struct Answer {
        bool answered{};     // false: no end of it in time, EBUSY, or the socket failed; it is opened anew
        int error{};         // the kernel's, a positive errno; 0 = none
        bool interrupted{};  // NLM_F_DUMP_INTR on any part
    };
    // Sends, and reads until the answer's end. Yields behind each datagram. `on_datagram` must outlive the
    // wait.
    boost::asio::awaitable<Answer> ask(netlink::Request& request, const OnDatagram& on_datagram);

    // A round trip through the kernel's RTNL lock: whatever was changed under it before has been announced
    // when it ends.
    boost::asio::awaitable<Answer> barrier();

    void close();  // ends what is waiting

private:
    void open();
    bool try_open();
    Answer reopened();
    bool parse(netlink::Bytes, std::uint32_t sequence, Answer&, bool& done);
    boost::asio::awaitable<bool> readable(std::chrono::steady_clock::time_point deadline);

    boost::asio::posix::stream_descriptor descriptor_;
    boost::asio::steady_timer timer_;
    bool closed_ = false;
    std::uint32_t port_id_ = 0;
    std::uint32_t sequence_ = 0;
    std::vector<std::byte> buffer_;
    std::vector<netlink::Message> rows_;
};

}  // namespace nlwatch::kernel
