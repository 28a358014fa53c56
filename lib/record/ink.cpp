#include "record/ink.hpp"

namespace nlwatch::record {

std::string inked(const std::string& text, Ink ink, bool coloured) {
    static constexpr const char* codes[] = {"", "\033[2m", "\033[32m", "\033[31m", "\033[33m"};
    if (!coloured || ink == Ink::plain || text.empty()) return text;
    return codes[static_cast<int>(ink)] + text + "\033[0m";
}

}  // namespace nlwatch::record
