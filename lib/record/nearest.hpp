// The word that someone probably meant: for refusals that help.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace nlwatch::record {

// Insertions, deletions, changes, and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `known` to a word that is not among them: few enough edits apart to be a slip. Null if none
// is. Cheap for a word of any length.
template <class Words>
std::optional<std::string_view> nearest(std::string_view word, const Words& known) {
    std::optional<std::string_view> best;
    std::size_t fewest = word.size() / 3 + 2;
    for (const std::string_view candidate : known) {
        const std::size_t longer =
            word.size() > candidate.size() ? word.size() - candidate.size() : candidate.size() - word.size();
        if (longer >= fewest) continue;
        const std::size_t edits = edit_distance(word, candidate);
        if (edits >= fewest) continue;
        fewest = edits;
        best = candidate;
    }
    return best;
}

}  // namespace nlwatch::record
