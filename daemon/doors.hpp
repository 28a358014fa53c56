// Where the daemon's sockets are: for the one that makes them and for those that look for them.
#pragma once
#include <string>

namespace nlwatch::doors {

inline constexpr const char *stream = "stream.sock", *http = "http.sock", *control = "control.sock";

struct Folder {
    std::string path;
    bool shared{};  // made by root for a group to read; else a user's own, 0600 and no group
};

// For the daemon: the first of `option` (--dir), `configured` ([runtime] dir), /run/nlwatch for root,
// $XDG_RUNTIME_DIR/nlwatch. The defaults are made if they are missing. Throws Failure.
Folder for_daemon(const std::string& option, const std::string& configured);

// For a client, the path of `door`: in `option`, else in /run/nlwatch if it is there, else in the user's own
// folder. Throws Failure if there is no socket, with what to do.
std::string socket(const std::string& option, const char* door);

}  // namespace nlwatch::doors
