// Values that keys of several kinds have, checked as they are taken: paths, words of a list.
#pragma once
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "config/table_reader.hpp"
#include "config/words.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::config {

// A path that means the same wherever the daemon was started; null if it is not there or wrong, which is
// told.
const std::string* take_path(TableReader&, std::string_view key);

// The place of a word among those that are known; null if it is none, which is told. `node`: a string.
template <class Words>
std::optional<std::size_t> checked_word(TableReader& reader, std::string_view key, const toml::node& node,
                                        std::string_view what, const Words& known) {
    const std::string& word = node.as_string()->get();
    const auto found = std::find(std::begin(known), std::end(known), word);
    if (found != std::end(known)) return static_cast<std::size_t>(found - std::begin(known));
    reader.error(key, node,
                 fmt::format("unknown {} '{}'{}", what, record::safe(word), meant_or_all(word, known)));
    return std::nullopt;
}

}  // namespace nlwatch::config
