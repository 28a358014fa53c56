#include "client/place.hpp"

#include <algorithm>
#include <utility>

#include "failure.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::client {

Place::Place(backlog::RequestWords asked)
    : asked_(std::move(asked)),
      view_(asked_.types.empty() && asked_.transitions.empty() && asked_.snapshot != false) {}

record::Record Place::read(std::string_view line) {
    auto read = record::read_record(line);
    if (const auto* wrong = std::get_if<record::ReadError>(&read))
        throw Failure{exit_code::unreachable,
                      "the daemon's answer is no record: " + record::safe(wrong->what)};
    auto& record = std::get<record::Record>(read);
    const record::Position here{record.run, record.seq};
    const bool counts = numbered(record);
    if (counts) ++delivered_;
    if (counts || record.type == "snapshot.end" || record.type == "bookmark") position_ = here;
    if (record.type == "snapshot.end") whole_ = true;
    if (record.type == "hello") {
        greeted_ = true;
        // No position of one that still gets a snapshot; but all that others want to know comes after it.
        if (!position_ && !view_ && !asked_.since) position_ = here;
    }
    return std::move(record);
}

backlog::RequestWords Place::next_words() const {
    backlog::RequestWords words = asked_;
    if (words.limit) words.limit = *words.limit - std::min(*words.limit, delivered_);
    if (!position_) return words;
    words.since = record::to_string(*position_);
    if (words.snapshot == true) words.snapshot.reset();  // has been had; after a gap it comes by itself
    return words;
}

bool Place::finished() const {
    if (!asked_.limit) return false;
    if (*asked_.limit == 0) return view_ && !asked_.since ? whole_ : greeted_;
    return delivered_ >= *asked_.limit;
}

bool Place::numbered(const record::Record& record) const {
    if (!record.key.empty()) return record.origin != "snapshot";
    return record.type == "resync.begin" || record.type == "resync.end" || record.type == "reload";
}

}  // namespace nlwatch::client
