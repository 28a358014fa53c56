// Writes lines of every type of record, with objects of arbitrary content (always the same): one line each,
// to be held against the schema.
#include <rapidcheck.h>

#include <iostream>

#include "resync_frames.hpp"
#include "unit/record/arbitrary.hpp"
#include "unit/record/rendering.hpp"

namespace {

using namespace nlwatch;
using record::Entry;

constexpr int changes = 400;

// A row, and what became of it.
using Pair = std::pair<state::Row, state::Row>;
Pair pair_of(int number) {
    const auto pairs = rc::gen::exec([] {
        state::Row was = test::arbitrary_row();
        state::Row is = test::arbitrarily_changed(was);
        return Pair{std::move(was), std::move(is)};
    });
    return pairs(rc::Random{static_cast<std::uint64_t>(number)}, rc::kNominalSize).value();
}

void write_changes(const record::Renderer& renderer, std::string& out) {
    for (int number = 0; number < changes; ++number) {
        const auto [before, after] = pair_of(number);
        state::Change change{.before = test::shared(before),
                             .after = test::shared(after),
                             .origin = static_cast<state::Origin>(number % static_cast<int>(state::origins)),
                             .reason = rtnl::Gone::deleted};
        if (number % 3 == 0) change.not_before = test::stamp().monotonic - std::chrono::seconds{number};
        if (number % 7 == 0) change.missed_ups = 2;
        const std::size_t begin = out.size();
        const Entry entry = renderer.change(out, 1, change, test::stamp());
        const std::string line = out.substr(begin);
        record::border_line(out, line, entry, number % 2 ? record::Sight::entered : record::Sight::left);
        if (number % 2) change.before = nullptr;
        if (number % 2 == 0) change.after = nullptr;
        renderer.change(out, 1, change, test::stamp());
        renderer.snapshot_row(out, 1, after);
    }
}

void write_frames(const record::Renderer& renderer, std::string& out) {
    for (const std::optional<std::uint64_t> lost : {std::optional<std::uint64_t>{517}, {}}) {
        kernel::Loss loss;
        loss.lost = lost;
        renderer.frame(out, 1, Entry::Frame::resync_begin, resync_begin_fields(loss), test::stamp());
        kernel::Repair repair;
        repair.lost = lost;
        repair.duration = std::chrono::microseconds{61'500};
        renderer.frame(out, 1, Entry::Frame::resync_end, resync_end_fields(repair), test::stamp());
    }
    renderer.frame(out, 1, Entry::Frame::reload, "", test::stamp());
}

void write_lines_of_the_stream(const record::Renderer& renderer, std::string& out) {
    const record::Scope scope{.kinds = record::Globs{{"link"}},
                              .interfaces = record::Globs{{"eth*", "\xff"}},
                              .link_kinds = record::Globs{{"!veth"}}};
    record::Filter filter;
    filter.scopes = {scope};
    filter.types = record::Globs{{"link.*"}};
    filter.transitions = record::transition::state_up;
    renderer.hello(out, 1, {}, test::stamp());
    renderer.hello(out, 1, {.published = &scope, .filter = &filter, .foldable = false}, test::stamp());
    renderer.snapshot_begin(out, 1);
    renderer.snapshot_end(out, 1, true, {3, 5});
    renderer.snapshot_end(out, 1, false, {3, {}});
    renderer.gap(out, 1, 9, record::GapReason::slow_reader);
    renderer.gap(out, {}, 9, record::GapReason::other_run);
    renderer.bookmark(out, 9);
    record::error_line(out, "too many clients");
}

}  // namespace

int main() {
    std::string out;
    record::Identity tagged = test::identity();
    tagged.tags = {{"site", "fra1"}};
    write_changes(record::Renderer{test::identity()}, out);
    for (const record::Renderer& renderer : {record::Renderer{test::identity()}, record::Renderer{tagged}}) {
        write_frames(renderer, out);
        write_lines_of_the_stream(renderer, out);
    }
    std::cout << out;
    return std::cout.flush() ? 0 : 1;
}
