// Writes the captured datagrams as the files that libFuzzer begins with: write_seeds FOLDER
#include <filesystem>
#include <fstream>
#include <iostream>

#include "support/fixture.hpp"

int main(int count, char** words) {
    if (count != 2) return std::cerr << "usage: write_seeds FOLDER\n", 64;
    const std::filesystem::path folder{words[1]};
    std::filesystem::create_directories(folder);
    for (const auto& fixture : nlwatch::test::all_fixtures())
        for (std::size_t number = 0; number < fixture.datagrams.size(); ++number) {
            std::ofstream file{folder / (fixture.name + '-' + std::to_string(number)), std::ios::binary};
            const auto& bytes = fixture.datagrams[number];
            file.write(reinterpret_cast<const char*>(bytes.data()),
                       static_cast<std::streamsize>(bytes.size()));
            if (!file.flush()) return std::cerr << "write_seeds: cannot write to " << folder << '\n', 1;
        }
    return 0;
}
