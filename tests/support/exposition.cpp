#include "support/exposition.hpp"

#include <sstream>
#include <stdexcept>

namespace nlwatch::test {

Exposed read_exposition(std::string_view text) {
    Exposed exposed;
    std::istringstream lines{std::string{text}};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# TYPE ")) {
            const std::string family = line.substr(7, line.find(' ', 7) - 7);
            exposed.families.insert(family);
        }
        if (line.starts_with('#')) continue;
        const std::size_t space = line.rfind(' ');
        if (space == std::string::npos) throw std::runtime_error("no series: " + line);
        if (!exposed.value_of.emplace(line.substr(0, space), line.substr(space + 1)).second)
            throw std::runtime_error("there twice: " + line);
    }
    return exposed;
}

}  // namespace nlwatch::test
