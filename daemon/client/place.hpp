// Where a reader of the stream stands: what it has read, and what it must ask for to go on.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backlog/request_words.hpp"
#include "record/reader.hpp"
#include "record/renderer.hpp"

namespace nlwatch::client {

// Over any number of connections. Pure.
class Place {
public:
    // What the reader wants to see in all.
    explicit Place(backlog::RequestWords asked);

    // One whole line of the connection that there is now, and what it says. Throws Failure for what is no
    // record, and for one of type `error`.
    record::Record read(std::string_view line);

    // The connection is gone: what to ask the next one for.
    backlog::RequestWords next_words() const;
    // The connection has ended as the daemon meant it to: is that all that was asked for?
    bool finished() const;
    const std::optional<record::Position>& position() const { return position_; }

private:
    bool numbered(const record::Record&) const;

    backlog::RequestWords asked_;
    bool view_;
    std::optional<record::Position> position_;
    std::uint64_t delivered_ = 0;  // numbered records
    bool greeted_ = false, whole_ = false;
};

}  // namespace nlwatch::client
