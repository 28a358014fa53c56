// Values as people write them in the configuration: sizes, durations, file modes.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nlwatch::config {

// "8 MiB", "64 KiB", "1 GiB", "512 B": bytes. Null if it is not such a text, or does not fit.
std::optional<std::uint64_t> parse_size(std::string_view);

// "250 ms", "1 s", "15 min", "2 h". Null if it is not such a text, or does not fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view);

// "0660": octal permission bits, at most 0777.
std::optional<unsigned> parse_mode(std::string_view);

std::string size_text(std::uint64_t bytes);  // "8 MiB" where it divides evenly, else bytes

// The nearest of `known` to a word that is not among them: few enough edits apart to be a slip. Null if none
// is.
template <class Words>
std::optional<std::string_view> nearest(std::string_view word, const Words& known);
std::size_t edit_distance(std::string_view a,
                          std::string_view b);  // insertions, deletions, changes, swaps of neighbours

template <class Words>
std::optional<std::string_view> nearest(std::string_view word, const Words& known) {
    std::optional<std::string_view> best;
    std::size_t fewest = word.size() / 3 + 2;
    for (const std::string_view candidate : known) {
        const std::size_t edits = edit_distance(word, candidate);
        if (edits >= fewest) continue;
        fewest = edits;
        best = candidate;
    }
    return best;
}

}  // namespace nlwatch::config
