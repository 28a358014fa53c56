#include "record/entry.hpp"

namespace nlwatch::record {

std::string_view op_name(state::Op op) {
    constexpr std::string_view names[state::ops] = {"added", "changed", "removed"};
    return names[static_cast<std::size_t>(op)];
}

std::string_view kind_name(rtnl::Kind kind) {
    constexpr std::string_view names[rtnl::kinds] = {"link", "address"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view frame_type(Entry::Frame frame) {
    switch (frame) {
        case Entry::Frame::resync_begin:
            return "resync.begin";
        case Entry::Frame::resync_end:
            return "resync.end";
        case Entry::Frame::reload:
            return "reload";
        case Entry::Frame::none:
            break;
    }
    return {};
}

}  // namespace nlwatch::record
