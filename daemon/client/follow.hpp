// Follows the daemon's events over http.sock, across its restarts.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/place.hpp"
#include "http/client.hpp"

namespace nlwatch::client {

// When the daemon goes away it waits for it, tries again with back-off, and goes on at its position: nothing
// is read twice, and what cannot be had any more the daemon tells by a gap. Used by one coroutine; must
// outlive it.
class Follow {
public:
    struct Line {
        std::string text;  // '\n' included
        record::Record record;
    };
    // `tell` gets sentences for people: that it waits, that it goes on, that a new run began.
    using Tell = std::function<void(const std::string&)>;

    // Connects. Throws Failure, as connect() does.
    Follow(boost::asio::any_io_executor, std::string path, backlog::RequestWords, Tell);

    // What has come since, in its order; empty: all that was asked for has. Throws Failure
    // where the daemon refuses what is asked, or says what is no record.
    boost::asio::awaitable<std::vector<Line>> lines();

private:
    boost::asio::awaitable<bool> ask();
    boost::asio::awaitable<void> come_back(const std::string& why);
    void connect_again();
    void greet(const record::Record& hello, std::string_view line);
    std::vector<Line> take_whole_lines();

    boost::asio::any_io_executor executor_;
    std::string path_;
    Place place_;
    Tell tell_;
    boost::asio::steady_timer pause_;
    std::chrono::milliseconds back_off_;

    std::unique_ptr<http::Client> client_;  // null: there is no connection
    bool asked_ = false;
    bool lost_ = false;  // … and that has been told
    std::string text_;   // received and not yet read
    std::optional<std::uint64_t> run_;
};

}  // namespace nlwatch::client
