// Prints what happens to the network, from nlwatch's stream socket, without a library: follow [STREAM-SOCKET]
//   g++ -std=c++17 -O2 -o follow follow.cpp

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>

// The text of a member of a JSON object, "" if there is none. Enough to choose lines by; a JSON library does
// the rest. Only what stands at the object's own level counts, however odd the names in it are.
static std::string_view member(std::string_view object, std::string_view name) {
    const std::string quoted = '"' + std::string{name} + '"';
    const auto end_of_string = [&](std::size_t at) {  // behind the quote that closes the one at `at`
        while (++at < object.size() && object[at] != '"')
            if (object[at] == '\\') ++at;
        return at + 1;
    };
    int depth = 0;
    std::size_t value = 0;  // where the value begins that is asked for, or 0
    for (std::size_t at = 0; at < object.size();) {
        const char c = object[at];
        if (value != 0 && depth == 1 && (c == ',' || c == '}')) return object.substr(value, at - value);
        if (c == '"') {
            const std::size_t end = end_of_string(at);
            if (value == 0 && depth == 1 && object.substr(at, end - at) == quoted &&
                object.substr(end, 1) == ":")
                value = end + 1;
            at = end;
            continue;
        }
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        ++at;
    }
    return {};
}

static void read_record(std::string_view line) {
    const std::string_view type = member(line, "type");
    const std::string_view origin = member(line, "origin");
    if (type == "\"gap\"") std::cout << "a gap: " << member(line, "reason") << std::endl;
    if (origin.empty() || origin == "\"snapshot\"") return;  // of the stream itself, or what is there already
    std::cout << type << ' ' << member(member(line, "object"), "ifname") << ' ' << member(line, "transitions")
              << ' ' << member(line, "before") << std::endl;
}

// Reads until the daemon closes. What is left then is a line that broke off, and no record.
static void read_stream(int stream) {
    std::string text;
    char buffer[65536];
    ssize_t got;
    while ((got = read(stream, buffer, sizeof buffer)) > 0) {
        text.append(buffer, static_cast<std::size_t>(got));
        std::size_t begin = 0;
        for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
            read_record(std::string_view{text}.substr(begin, end - begin));
        text.erase(0, begin);
    }
}

int main(int argc, char** argv) {
    const char* path = argc > 1 ? argv[1] : "/run/nlwatch/stream.sock";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (std::strlen(path) >= sizeof address.sun_path) {
        std::cerr << path << " is too long for a socket\n";
        return 1;
    }
    std::strcpy(address.sun_path, path);
    for (;; sleep(1)) {
        const int stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (stream >= 0 && connect(stream, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
            std::cout << "connected" << std::endl;
            read_stream(stream);
        } else {
            std::cerr << path << ": " << std::strerror(errno) << "; again in a second\n";
        }
        if (stream >= 0) close(stream);
    }
}
