// Tells the service manager how the daemon is: sd_notify(3) and its watchdog, without ever blocking the
// reactor.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <utility>

namespace nlwatch::notify {

// What `systemctl status` is to say of a daemon that runs.
struct Status {
    std::size_t links{}, addresses{};
    std::size_t stream_clients{}, http_clients{};
    bool resyncing{};       // after a loss, until the kernel was compared with
    bool reload_refused{};  // the last one, and the configuration before it is still in force
};

// "following 12 links and 30 addresses; 3 stream clients", and what else there is to know.
std::string text_of(const Status&);

// One a process, on the reactor's thread, and not used any more once the io_context is gone. Does nothing
// where nobody listens ($NOTIFY_SOCKET is not set). Takes the variables of sd_notify(3) out of the
// environment: no child shall speak for the daemon.
//
// If the unit has WatchdogSec=, a timer on the reactor itself tells at a third of it that the daemon is
// alive, from construction to stopping(); so a reactor that is stuck, and only that, gets the daemon killed.
// Until ready() each of these also asks for more time to start in (EXTEND_TIMEOUT_USEC): a first pass may
// take as long as it needs.
class Notifier {
public:
    explicit Notifier(boost::asio::io_context&);

    // A status is one line of UTF-8: of a text with more, the first line is told.
    void starting(const std::string& status);  // says what is being waited for
    void ready(const std::string& status);     // at the end of the start, and of each reload
    void status(const std::string& status);    // the same text again is not sent again
    void reloading();  // until the next ready(), whether the reload was applied or refused
    // Once it is ready, each sign of life also tells the status that `now` gives: what changes without any
    // event of the kernel, such as who reads, is told without a wake-up of its own. Else not called.
    void keep_status_by(std::function<std::string()> now) { status_now_ = std::move(now); }
    // The last call: no timer and no wait of this keeps the reactor at work afterwards.
    void stopping();

    // How often the daemon says that it is alive; 0: nobody wants to know.
    std::chrono::microseconds ping_interval() const { return interval_; }

private:
    using Protocol = boost::asio::local::datagram_protocol;

    void send(std::string message);
    void send_waiting();
    bool try_to_send(const std::string& message);  // false: the service manager has not read what it has
    void connect();
    void failed(const boost::system::error_code&);
    void ping();

    std::string address_;  // empty: nobody listens; a NUL in front: abstract, as unix(7) has it
    Protocol::socket socket_;
    std::deque<std::string> waiting_;  // in order, while the service manager does not read
    std::chrono::microseconds interval_{};
    boost::asio::steady_timer timer_;
    std::string status_;  // the last that was sent
    std::function<std::string()> status_now_;
    bool ready_ = false;
    bool warned_ = false;
};

}  // namespace nlwatch::notify
