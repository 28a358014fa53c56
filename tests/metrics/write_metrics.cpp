// Writes docs/metrics.md from the catalogue (`write_metrics reference`), or what a scrape might get
// (`write_metrics exposition`).
#include <iostream>
#include <string>
#include <string_view>

#include "metrics/catalogue.hpp"
#include "scrape/sample.hpp"

namespace nlwatch {
namespace {

using metrics::Family;

std::string_view type_word(metrics::Type type) {
    constexpr std::string_view words[] = {"counter", "gauge", "histogram"};
    return words[static_cast<std::size_t>(type)];
}

// "`kind`: link, address · `device`", or "".
std::string labels_of(const Family& family) {
    std::string text;
    for (const metrics::Label& label : family.labels) {
        if (!text.empty()) text += " · ";
        text += "`" + std::string{label.name} + "`";
        for (const std::string_view& value : label.values)
            text += (&value == label.values.data() ? ": " : ", ") + std::string{value};
    }
    return text;
}

void write_reference() {
    std::cout
        << "<!-- Written by tests/metrics/write_metrics.cpp from lib/metrics/catalogue.hpp: change that. "
           "-->\n"
           "# Metrics\n\n"
           "`nlwatch run` answers scrapes at `http://127.0.0.1:9617/metrics`, and on its HTTP socket:\n\n"
           "```yaml\n"
           "scrape_configs:\n"
           "  - job_name: nlwatch\n"
           "    static_configs: [{targets: [\"127.0.0.1:9617\"]}]\n"
           "rule_files: [nlwatch.rules.yml]   # alerts: installed in /usr/local/share/nlwatch\n"
           "```\n\n"
           "For a Prometheus on another machine see \\[\\[http.listen\\]\\] in nlwatch.toml(5).\n\n"
           "Counters whose labels are all listed here exist from the start, at 0. Those of a `device` begin "
           "at 0 when "
           "the link appears and go when it goes; a renamed link is a new device. `[metrics]` in the "
           "configuration "
           "selects the links that get them, "
        << scrape::AllLinkSeries::most
        << " at most. In names, control bytes, backslashes and bytes that are not UTF-8 are shown as "
           "`\\xNN`. "
           "Series of a `sink` are there while it is configured.\n\n"
           "| metric | type | labels | what it tells |\n|---|---|---|---|\n";
    for (const Family& family : metrics::catalogue)
        std::cout << "| `" << family.name << "` | " << type_word(family.type) << " | " << labels_of(family)
                  << " | " << family.help << " |\n";
}

void write_exposition() {
    scrape::Sample sample;
    sample.taken = record::Stamp::now();
    for (const std::string_view device : {"lo", "eth0", "eth\xff", "a\"b", "<script>", "\033[2J", "a\\b"}) {
        scrape::LinkSeries link;
        link.device = device;
        link.last_change = sample.taken.utc;
        link.told = {1, 2, 3, 4};
        sample.links.push_back(link);
    }
    sample.sinks.push_back({"log", "log", {}, {}});
    using namespace std::chrono_literals;
    sample.sinks.back().counters.delivery.observe(3ms);
    sample.follower.dispatch.observe(3us);
    std::cout << expose(sample);
}

}  // namespace
}  // namespace nlwatch

int main(int argc, char** argv) {
    const std::string_view what = argc == 2 ? argv[1] : "";
    if (what == "reference") {
        nlwatch::write_reference();
    } else if (what == "exposition") {
        nlwatch::write_exposition();
    } else {
        std::cerr << "usage: write_metrics reference|exposition\n";
        return 64;
    }
    return std::cout.flush() ? 0 : 1;
}
