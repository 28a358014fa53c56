// Prometheus' text format, read back.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace nlwatch::test {

// What a scrape showed: each series as it is written, with its value; of histograms _bucket, _sum and _count.
struct Exposed {
    std::map<std::string, std::string> value_of;
    std::set<std::string> families;  // those with a TYPE
};

// Throws std::runtime_error for a series that is there twice.
Exposed read_exposition(std::string_view text);

}  // namespace nlwatch::test
