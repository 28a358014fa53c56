// The ring: the rendered lines of the last records, and one Entry for each. All the memory that readers
// share.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "record/entry.hpp"

namespace nlwatch::backlog {

// Records are numbered from 1 on, without a hole. The oldest make room for a new one; a reader never holds
// them back. The memory is mapped at once and taken from the system page by page as it is first written: at
// most `bytes` for lines and a quarter of that for entries (one for each 512 bytes; where lines are shorter
// the entries decide how many are held).
class Ring {
public:
    // Throws std::system_error if the system refuses the memory.
    explicit Ring(std::size_t bytes);
    ~Ring();
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    std::uint64_t next() const { return next_; }  // the seq that the next record gets
    std::uint64_t first_good() const {
        return first_good_;
    }  // the oldest record held; next() if there is none
    std::size_t records() const { return static_cast<std::size_t>(next_ - first_good_); }
    std::size_t bytes() const { return bytes_in_use_; }  // of the lines held

    // As record next(); `offset` and `size` are set here. A line larger than the ring takes its seq, and
    // nothing is held: every reader that has not read on from there is overtaken.
    void append(record::Entry entry, std::string_view line);

    // Of a record that is held. Both valid until the next append().
    const record::Entry& entry(std::uint64_t seq) const;
    std::string_view line(std::uint64_t seq) const;

private:
    record::Entry& slot(std::uint64_t seq) const { return entries_[seq % max_records_]; }
    void drop_oldest();

    std::size_t capacity_;  // bytes for lines
    std::size_t max_records_;
    std::size_t mapped_;      // bytes of the whole mapping
    record::Entry* entries_;  // in front, then the lines
    char* lines_;
    std::uint64_t next_ = 1, first_good_ = 1;
    std::uint64_t end_ =
        0;  // where the newest line ends. Offsets count on and on; a place is offset modulo capacity
    std::size_t bytes_in_use_ = 0;
};

}  // namespace nlwatch::backlog
