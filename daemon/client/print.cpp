#include "client/print.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "failure.hpp"

namespace nlwatch::client {

void print(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {  // another owner of the file description made it non-blocking
            pollfd room{STDOUT_FILENO, POLLOUT, 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return check_printed(errno);
        }
    }
}

void check_printed(int error) {
    if (error == 0 || error == EPIPE || error == ECANCELED) return;
    throw Failure{exit_code::failure,
                  std::string{"cannot write to standard output: "} + std::strerror(error)};
}

void tell(const std::string& sentence) { std::fputs(("nlwatch: " + sentence + "\n").c_str(), stderr); }

}  // namespace nlwatch::client
