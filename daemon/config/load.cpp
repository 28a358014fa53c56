#include "config/load.hpp"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "config/read_value.hpp"
#include "config/syntax.hpp"
#include "config/values.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::config {

namespace {

constexpr std::size_t largest_file = mib;

void read(TableReader& reader, Config& config) {
    std::apply(
        [&](const auto&... part) { (config::read(reader, part.key, config.*part.member, part.rule), ...); },
        parts);
    reader.finish();
}

class File {
public:
    explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool open() const { return descriptor_ >= 0; }
    // All of it, or so much that it is more than `most`; null: errno says why.
    std::optional<std::string> contents(std::size_t most) const {
        std::string text;
        std::array<char, 16 * 1024> part;
        while (text.size() <= most) {
            const ssize_t got = ::read(descriptor_, part.data(), part.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return std::nullopt;
            if (got == 0) break;
            text.append(part.data(), static_cast<std::size_t>(got));
        }
        return text;
    }

private:
    int descriptor_;
};

[[noreturn]] void refuse(const std::string& path, std::string_view why) {
    throw ConfigError{fmt::format("{}: error: {}", record::safe(path), why)};
}

[[noreturn]] void refuse_unreadable(const std::string& path, int error) {
    switch (error) {
        case EISDIR:
            refuse(path, "this is a folder, not a file");
        case ENOENT:
            refuse(path, "there is no such file");
        case EACCES:
            refuse(path, fmt::format("user {} may not read it", ::geteuid()));
        default:
            refuse(path, fmt::format("cannot be read: {}", std::strerror(error)));
    }
}

}  // namespace

Config parse(std::string_view text, const std::string& name, bool webhooks) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    Diagnostics diagnostics{text, name};
    Config config;
    if (const auto root = read_syntax(text, diagnostics)) {
        TableReader reader{*root, diagnostics};
        read(reader, config);
        if (!webhooks) refuse_webhooks(reader);
    }
    if (!diagnostics.empty()) throw ConfigError{diagnostics.text()};
    return config;
}

Loaded load(const std::optional<std::string>& path) {
    const std::string file = path.value_or(default_file);
    const File opened{file};
    if (!opened.open()) {
        const int error = errno;
        if (!path && (error == ENOENT || error == ENOTDIR)) return {};
        refuse_unreadable(file, error);
    }
    const auto text = opened.contents(largest_file);
    if (!text) refuse_unreadable(file, errno);
    if (text->size() > largest_file)
        refuse(file, fmt::format("too large: a configuration has at most {}", size_text(largest_file)));
    return {parse(*text, file), file};
}

}  // namespace nlwatch::config
