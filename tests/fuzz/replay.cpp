// Runs inputs through a fuzz target without libFuzzer, so that every build and compiler does: replay FOLDER…
//
// Of a folder each file is an input, and of a fixture (*.nl) each datagram. Each is run as it is and in some
// hundred ways damaged, always the same ones.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>

#include "support/fixture.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using nlwatch::test::Datagram;

constexpr int damaged_copies = 100;

std::vector<Datagram> inputs_of(const std::filesystem::path& path) {
    if (path.extension() == ".nl") return nlwatch::test::read_fixture(path).datagrams;
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto bytes = std::as_bytes(std::span{text});
    return {Datagram{bytes.begin(), bytes.end()}};
}

// On memory of exactly the input's size, so that AddressSanitizer sees a read beyond it.
void run(const Datagram& input) {
    const auto copy = std::make_unique<std::uint8_t[]>(input.size());
    std::ranges::transform(input, copy.get(),
                           [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    LLVMFuzzerTestOneInput(copy.get(), input.size());
}

Datagram damaged(Datagram input, std::mt19937& random) {
    const auto below = [&](std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random);
    };
    for (std::size_t changes = 1 + below(8); changes > 0 && !input.empty(); --changes) switch (below(4)) {
            case 0:
                input[below(input.size())] = static_cast<std::byte>(below(256));
                break;
            case 1:
                input[below(input.size())] ^= static_cast<std::byte>(1U << below(8));
                break;
            case 2:
                input.resize(below(input.size() + 1));
                break;
            case 3:
                input.insert(input.begin() + static_cast<std::ptrdiff_t>(below(input.size())), std::byte{});
                break;
        }
    return input;
}

}  // namespace

int main(int count, char** folders) {
    std::mt19937 random{1};
    std::size_t inputs = 0;
    for (const std::filesystem::path folder : std::span{folders + 1, folders + count})
        for (const auto& entry : std::filesystem::directory_iterator{folder})
            for (const Datagram& input : inputs_of(entry.path())) {
                run(input);
                for (int copy = 0; copy < damaged_copies; ++copy) run(damaged(input, random));
                ++inputs;
            }
    std::cout << inputs << " inputs\n";
    return inputs == 0 ? 1 : 0;
}
