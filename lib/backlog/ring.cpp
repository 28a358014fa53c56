#include "backlog/ring.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>
#include <type_traits>

namespace nlwatch::backlog {

using record::Entry;

namespace {
constexpr std::size_t bytes_for_each_entry = 512, fewest_records = 16;
static_assert(std::is_trivially_copyable_v<Entry> && sizeof(Entry) <= bytes_for_each_entry / 4);
}  // namespace

Ring::Ring(std::size_t bytes)
    : capacity_(bytes),
      max_records_(std::max(bytes / bytes_for_each_entry, fewest_records)),
      mapped_(max_records_ * sizeof(Entry) + bytes) {
    void* memory =
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "cannot map the backlog's memory");
    // In a storm the first round through the ring is a page fault every four kilobytes. It is only advice.
    ::madvise(memory, mapped_, MADV_HUGEPAGE);
    entries_ = static_cast<Entry*>(memory);
    lines_ = static_cast<char*>(memory) + max_records_ * sizeof(Entry);
}

Ring::~Ring() { munmap(entries_, mapped_); }

void Ring::append(Entry entry, std::string_view line) {
    if (line.size() > capacity_) {
        ++next_;
        while (first_good_ < next_ - 1) drop_oldest();
        first_good_ = next_;
        return;
    }
    // A line never wraps: what is left at the end stays empty.
    const std::size_t place = end_ % capacity_;
    if (place + line.size() > capacity_) end_ += capacity_ - place;
    entry.offset = end_;
    entry.size = static_cast<std::uint32_t>(line.size());
    end_ += line.size();
    while (records() == max_records_ || (records() > 0 && slot(first_good_).offset + capacity_ < end_))
        drop_oldest();

    std::memcpy(lines_ + entry.offset % capacity_, line.data(), line.size());
    new (&slot(next_)) Entry(entry);
    bytes_in_use_ += entry.size;
    ++next_;
}

const Entry& Ring::entry(std::uint64_t seq) const {
    assert(first_good_ <= seq && seq < next_);
    return slot(seq);
}

std::string_view Ring::line(std::uint64_t seq) const {
    const Entry& its = entry(seq);
    return {lines_ + its.offset % capacity_, its.size};
}

void Ring::drop_oldest() {
    bytes_in_use_ -= slot(first_good_).size;
    ++first_good_;
}

}  // namespace nlwatch::backlog
