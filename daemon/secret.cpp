#include "secret.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "failure.hpp"
#include "record/safe_text.hpp"

namespace nlwatch {

namespace {

constexpr std::size_t largest = 64 * 1024;

// Where it is, and how errors name that.
struct Place {
    std::string path;
    std::string credential;  // "": a file of its own
    std::string_view what;

    [[noreturn]] void refuse(std::string_view why) const {
        const std::string name = credential.empty() ? "" : fmt::format("credential '{}', ", credential);
        throw Failure{exit_code::configuration,
                      fmt::format("{}: {}{}: {}", what, name, record::safe(path), why)};
    }
};

std::string load_credential(std::string_view name) {
    return fmt::format("LoadCredential={}:/path (systemctl edit nlwatch; a restart, no reload, loads it)",
                       name);
}

Place place_of(const config::Secret& secret, std::string_view what) {
    if (!secret.credential) return {secret.secret_file.value(), "", what};
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (!folder || !*folder)
        throw Failure{exit_code::configuration,
                      fmt::format("{}: credential '{}': the daemon was given no credentials "
                                  "($CREDENTIALS_DIRECTORY is not set): add {}, or use secret_file",
                                  what, *secret.credential, load_credential(*secret.credential))};
    return {fmt::format("{}/{}", folder, *secret.credential), *secret.credential, what};
}

[[noreturn]] void refuse_unreadable(const Place& place, int error) {
    const bool credential = !place.credential.empty();
    if ((error == ENOENT || error == ENOTDIR) && credential)
        place.refuse("it is not there: add " + load_credential(place.credential));
    if (error == ENOENT || error == ENOTDIR) place.refuse("there is no such file");
    if (error == EACCES)
        place.refuse(fmt::format("user {} may not read it; under systemd, {}", ::geteuid(),
                                 credential
                                     ? "credentials are for the daemon's own user alone"
                                     : "LoadCredential=NAME:" + record::safe(place.path) +
                                           " reads it as root, and credential = \"NAME\" takes it from "
                                           "there (systemctl edit nlwatch)"));
    place.refuse(fmt::format("cannot be read: {}", std::strerror(error)));
}

class File {
public:
    // Not to wait for the writer of a FIFO, which is refused afterwards.
    explicit File(const std::string& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

std::string contents(const Place& place) {
    const File file{place.path};
    struct stat about {};
    if (file.descriptor() < 0 || ::fstat(file.descriptor(), &about) != 0) refuse_unreadable(place, errno);
    if (!S_ISREG(about.st_mode)) place.refuse("must be a regular file");
    std::string text(largest + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(file.descriptor(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) refuse_unreadable(place, errno);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > largest) place.refuse(fmt::format("too large: a secret has at most {} KiB", largest / 1024));
    text.resize(size);
    return text;
}

}  // namespace

std::string read_secret(const config::Secret& secret, std::string_view what) {
    const Place place = place_of(secret, what);
    std::string text = contents(place);
    if (text.find('\0') != std::string::npos) place.refuse("there is a NUL in it: it must be text");
    text.resize(text.find_last_not_of("\r\n") + 1);
    if (text.empty()) place.refuse("it is empty");
    return text;
}

std::string read_secret_line(const config::Secret& secret, std::string_view what) {
    std::string text = read_secret(secret, what);
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(text, is_control))
        place_of(secret, what).refuse("must be one line, without a control character");
    return text;
}

std::string place_text(const config::Secret& secret) {
    return secret.credential ? fmt::format("credential '{}'", *secret.credential)
                             : record::safe(secret.secret_file.value());
}

}  // namespace nlwatch
