// The reader's side of the stream: folds its lines into the state that they tell.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "record/filter.hpp"

namespace nlwatch {

// What hello says of the daemon and of what it publishes.
struct Hello {
    std::string version;
    std::uint64_t netns_cookie{};
    record::Scope published;
};
Hello read_hello(std::string_view line);  // throws std::runtime_error

// Takes the lines of one connection, in their order. What it does not know it ignores, as the contract asks
// of readers.
class StreamFold {
public:
    // One line, with or without its '\n'. Throws std::runtime_error on what is no record, with the place in
    // words.
    void line(std::string_view);

    const std::map<std::string, std::string>& objects() const {
        return objects_;
    }                                          // key -> `object`, as JSON text
    bool whole() const { return whole_; }      // a snapshot has been read to its end
    bool settled() const { return settled_; }  // … and nothing is being repaired

    const std::optional<Hello>& hello() const { return hello_; }  // null before it

private:
    std::map<std::string, std::string> objects_;
    bool whole_ = false, settled_ = false;
    std::optional<Hello> hello_;
};

}  // namespace nlwatch
