// What `nlwatch wait` waits for: interfaces by name, and words about them.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "backlog/request_words.hpp"
#include "client/objects.hpp"
#include "record/reader.hpp"

namespace nlwatch::client {

// `GLOB WORD…`, such as 'eth0 usable', 'eth* carrier', 'eth0 up usable': true when all words hold for one
// link that the glob matches. Records in, verdict out; pure.
//
// - present: there is such a link
// - gone: there is none; stands alone
// - up: its state is up (records.md: the operational state, not IFF_UP)
// - down: it is there, and its state is down
// - carrier: it has a carrier (LOWER_UP)
// - usable: it has an address that is usable (neither tentative nor a duplicate) and of more than link scope;
//   a link-local one comes by itself wherever IPv6 is on, and tells of nothing
class Condition {
public:
    enum Word : std::uint8_t {
        present = 1 << 0,
        gone = 1 << 1,
        up = 1 << 2,
        down = 1 << 3,
        carrier = 1 << 4,
        usable = 1 << 5,
    };

    // The condition; or what is wrong with `text`, with the nearest right word.
    static std::variant<Condition, std::string> parse(std::string_view text);

    // What to ask the daemon for: a view of the links that the glob matches, and of their addresses. Its
    // records, a snapshot's first, are what read() takes.
    backlog::RequestWords words() const;

    // The next record.
    void read(const record::Record&);

    // What fulfils it, for people; null so long as nothing does. Not before there was a whole snapshot: only
    // then is it known what is not there.
    const std::optional<std::string>& fulfilled() const { return fulfilled_; }
    // How things stand, for one who has waited in vain.
    std::string standing() const;

private:
    struct Link {
        std::optional<LinkTexts> texts;                // null: only its addresses are known so far
        std::map<std::string, std::string> addresses;  // that count as usable: key -> text
    };
    using Links = std::map<std::uint32_t, Link>;  // by ifindex

    void fold(const record::Record&);
    bool holds(const Link&) const;
    bool none_is_there() const;
    void judge(const Link&);
    std::string describe(const Link&) const;

    std::string glob_;
    std::uint8_t words_ = 0;  // a set of Word
    Links links_;
    bool whole_ = false;
    std::optional<std::string> fulfilled_;
};

}  // namespace nlwatch::client
