// Captured answers and events of a real kernel, as text files: tests/fixtures/*.nl, made by capture.
//
// Lines that start with `#` say which command made them, and on which kernel. The rest is hexadecimal, one
// datagram a paragraph.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "netlink/bytes.hpp"
#include "netlink/message.hpp"

namespace nlwatch::test {

using Datagram = std::vector<std::byte>;

struct Fixture {
    std::string name;     // of the file, without its extension
    std::string comment;  // the `#` lines, without the `#`
    std::vector<Datagram> datagrams;

    // Of all datagrams, in order. Views: valid as long as the fixture. Throws where the framing is broken.
    std::vector<netlink::Message> messages() const;
};

// Throw std::runtime_error, which names the file and the line, where a fixture cannot be read.
Fixture read_fixture(const std::filesystem::path&);
Fixture fixture(const std::string& name);  // of tests/fixtures
std::vector<Fixture> all_fixtures();       // likewise; by name

// The paragraph of one datagram, with its empty line.
std::string to_paragraph(netlink::Bytes datagram);

}  // namespace nlwatch::test
