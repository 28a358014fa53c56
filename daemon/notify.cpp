#include "notify.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <ctime>

#include "counted.hpp"

namespace nlwatch::notify {

namespace asio = boost::asio;

namespace {

// More than all that a daemon ever has to say between two looks of its manager: pings do not wait.
constexpr std::size_t most_waiting = 32;

std::string take_address() {
    const char* value = std::getenv("NOTIFY_SOCKET");
    std::string address = value ? value : "";
    ::unsetenv("NOTIFY_SOCKET");
    if (!address.empty() && address.front() == '@') address.front() = '\0';
    return address;
}

std::chrono::microseconds take_watchdog_limit() {
    std::uint64_t microseconds{};
    if (::sd_watchdog_enabled(true, &microseconds) <= 0) return {};
    return std::chrono::microseconds{microseconds};
}

std::string status_line(const std::string& text) { return "STATUS=" + text.substr(0, text.find('\n')); }

// Since systemd 253: which READY=1 ends which reload. An older one does not look at it.
std::uint64_t monotonic_microseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

}  // namespace

std::string text_of(const Status& status) {
    std::string text = fmt::format("following {} and {}; {}", counted(status.links, "link", "links"),
                                   counted(status.addresses, "address", "addresses"),
                                   counted(status.stream_clients, "stream client", "stream clients"));
    if (status.http_clients) text += ", " + counted(status.http_clients, "HTTP client", "HTTP clients");
    if (status.resyncing) text += "; looking again after a loss";
    if (status.reload_refused) text += "; the last reload was refused";
    return text;
}

Notifier::Notifier(asio::io_context& io)
    : address_(take_address()), socket_(io), interval_(take_watchdog_limit() / 3), timer_(io) {
    if (address_.empty()) interval_ = {};
    if (interval_.count()) ping();
}

void Notifier::starting(const std::string& text) { status(text); }

void Notifier::ready(const std::string& text) {
    ready_ = true;
    status_ = text;
    send("READY=1\n" + status_line(text));
}

void Notifier::status(const std::string& text) {
    if (text == status_) return;
    status_ = text;
    send(status_line(text));
}

void Notifier::reloading() { send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_microseconds())); }

void Notifier::stopping() {
    // With a last sign of life: the whole limit is left for what is still to be ended.
    send(interval_.count() ? "STOPPING=1\nWATCHDOG=1" : "STOPPING=1");
    timer_.cancel();
    interval_ = {};
    address_.clear();
    waiting_.clear();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void Notifier::ping() {
    if (!interval_.count()) return;
    // One that cannot be sent now is not kept: the next says the same, and whoever does not read does not
    // judge.
    if (waiting_.empty())
        try_to_send(ready_ ? std::string{"WATCHDOG=1"}
                           : fmt::format("WATCHDOG=1\nEXTEND_TIMEOUT_USEC={}", interval_.count() * 3));
    if (ready_ && status_now_) status(status_now_());
    timer_.expires_after(interval_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) ping();
    });
}

void Notifier::send(std::string message) {
    if (address_.empty()) return;
    if (!waiting_.empty() || !try_to_send(message)) {
        const bool first = waiting_.empty();
        const bool status_only = message.starts_with("STATUS=");
        if (status_only && !first && waiting_.back().starts_with("STATUS=")) waiting_.pop_back();
        if (waiting_.size() < most_waiting) waiting_.push_back(std::move(message));
        if (first) send_waiting();
    }
}

void Notifier::send_waiting() {
    socket_.async_wait(Protocol::socket::wait_write, [this](const boost::system::error_code& error) {
        if (error == asio::error::operation_aborted) return;
        while (!waiting_.empty() && try_to_send(waiting_.front())) waiting_.pop_front();
        if (!waiting_.empty()) send_waiting();
    });
}

// sd_notify() itself would block: its socket does, and the service manager may be stopped, or busy with a
// thousand units that all have something to tell it.
bool Notifier::try_to_send(const std::string& message) {
    boost::system::error_code error;
    if (!socket_.is_open()) connect();
    if (!socket_.is_open()) return true;
    socket_.send(asio::buffer(message), 0, error);
    if (error == asio::error::would_block || error == asio::error::no_buffer_space) return false;
    if (error) failed(error);
    return true;
}

void Notifier::connect() {
    boost::system::error_code error;
    if (address_.size() >= sizeof(sockaddr_un::sun_path)) return failed(asio::error::name_too_long);
    socket_.open(Protocol{}, error);
    if (!error) socket_.non_blocking(true, error);
    if (!error) socket_.connect(Protocol::endpoint{address_}, error);
    if (error) failed(error);
}

// Nothing that the daemon could not go on without; but a manager that never hears READY=1 ends it, and the
// log is then the only place that tells why. The next message tries anew.
void Notifier::failed(const boost::system::error_code& error) {
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (std::exchange(warned_, true)) return;
    spdlog::warn("the service manager cannot be told how this daemon is ($NOTIFY_SOCKET): {}",
                 error.message());
}

}  // namespace nlwatch::notify
