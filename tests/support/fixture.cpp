#include "support/fixture.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace nlwatch::test {
namespace {

constexpr std::size_t bytes_per_line = 32;
constexpr std::string_view digits = "0123456789abcdef";

void append_line(const std::string& line, const std::string& where, Datagram& datagram) {
    if (line.size() % 2 != 0) throw std::runtime_error(where + ": half a byte");
    for (std::size_t at = 0; at < line.size(); at += 2) {
        const auto high = digits.find(line[at]), low = digits.find(line[at + 1]);
        if (high == digits.npos || low == digits.npos) throw std::runtime_error(where + ": not hexadecimal");
        datagram.push_back(static_cast<std::byte>(high << 4 | low));
    }
}

}  // namespace

std::vector<netlink::Message> Fixture::messages() const {
    std::vector<netlink::Message> all;
    for (const Datagram& datagram : datagrams) {
        netlink::MessageReader reader{datagram};
        while (auto message = reader.next()) all.push_back(*message);
        if (reader.broken()) throw std::runtime_error(name + ": broken framing");
    }
    return all;
}

Fixture read_fixture(const std::filesystem::path& path) {
    std::ifstream file{path};
    if (!file) throw std::runtime_error(path.string() + ": cannot be read");
    Fixture fixture{.name = path.stem().string(), .comment = {}, .datagrams = {}};
    bool inside = false;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (line.starts_with('#')) {
            fixture.comment += line.substr(std::min<std::size_t>(line.size(), 2)) + '\n';
        } else if (line.empty()) {
            inside = false;
        } else {
            if (!inside) fixture.datagrams.emplace_back();
            inside = true;
            append_line(line, path.string() + ':' + std::to_string(number), fixture.datagrams.back());
        }
    }
    return fixture;
}

Fixture fixture(const std::string& name) {
    return read_fixture(std::filesystem::path{NLWATCH_FIXTURES} / (name + ".nl"));
}

std::vector<Fixture> all_fixtures() {
    std::vector<Fixture> all;
    for (const auto& entry : std::filesystem::directory_iterator{NLWATCH_FIXTURES})
        if (entry.path().extension() == ".nl") all.push_back(read_fixture(entry.path()));
    std::ranges::sort(all, {}, &Fixture::name);
    return all;
}

std::string to_paragraph(netlink::Bytes datagram) {
    std::string text;
    for (std::size_t at = 0; at < datagram.size(); ++at) {
        const auto byte = std::to_integer<unsigned>(datagram[at]);
        text += {digits[byte >> 4], digits[byte & 15]};
        if (at % bytes_per_line == bytes_per_line - 1) text += '\n';
    }
    if (!text.ends_with('\n')) text += '\n';
    return text + '\n';
}

}  // namespace nlwatch::test
