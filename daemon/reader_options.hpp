// The options that all commands which read a stream share: what to see, from where on, how many, in which
// form.
#pragma once
#include <cstdint>

#include "backlog/request_words.hpp"

namespace nlwatch {

using ReaderOptions = backlog::RequestWords;

// Throws Failure (usage) that names the wrong word and the nearest right one.
backlog::Request request_of(const ReaderOptions&);
// As people mean them: they want to see what changes, programs the state that it changes. All that is there
// comes only if it is asked for, as `--limit 0` does.
ReaderOptions for_people(ReaderOptions);

enum class Format : std::uint8_t { automatic, text, json };  // automatic: text on a terminal, JSON elsewhere
enum class Colour : std::uint8_t {
    automatic,
    always,
    never
};  // automatic: on a terminal, unless NO_COLOR is set

struct OutputOptions {
    Format format = Format::automatic;
    Colour colour = Colour::automatic;

    bool json(int descriptor) const;
    bool coloured(int descriptor) const;
};

}  // namespace nlwatch
