// One request to the daemon and its whole answer, for commands that ask once and end.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "client/connect.hpp"
#include "failure.hpp"

namespace nlwatch::client {

// How long a daemon may say nothing: busy is not stuck.
inline constexpr std::chrono::seconds patience{15};

struct Reply {
    unsigned status{};
    std::string body;
};

// Waits for it. Throws Failure: as connect() does, and `unreachable` if no whole answer comes.
Reply fetch(const std::string& path, Purpose, std::string_view method, std::string_view target,
            std::chrono::seconds waits = patience);

// What an answer of an HTTP status other than 200 means for the command that asked: `usage` for a wrong word,
// `unreachable` for a daemon that cannot answer now, else `failure`; with the daemon's own message.
Failure refused(unsigned status, const std::string& body);

// … and the body of one that is 200. Throws Failure (refused()).
std::string body_of(Reply);

}  // namespace nlwatch::client
