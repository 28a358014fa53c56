#include "resync_frames.hpp"

#include <spdlog/fmt/fmt.h>

namespace nlwatch {

namespace {
std::string number_or_null(const std::optional<std::uint64_t>& number) {
    return number ? std::to_string(*number) : "null";
}
}  // namespace

std::string_view cause_name(kernel::Cause cause) {
    static constexpr std::string_view names[kernel::causes] = {"overrun", "drops", "truncated", "framing",
                                                               "error"};
    return names[static_cast<std::size_t>(cause)];
}

std::string resync_begin_fields(const kernel::Loss& loss) {
    return fmt::format(R"(,"resync":{},"cause":"{}","lost":{},"receive_buffer":{})", loss.resync,
                       cause_name(loss.cause), number_or_null(loss.lost), loss.receive_buffer);
}

std::string resync_end_fields(const kernel::Repair& repair) {
    const double seconds = std::chrono::duration<double>(repair.duration).count();
    return fmt::format(
        R"(,"resync":{},"duration_s":{:.6f},"passes":{},"interrupted":{},"lost":{},"repaired":{{"added":{},"changed":{},"removed":{}}})",
        repair.resync, seconds, repair.passes, repair.interrupted, number_or_null(repair.lost),
        repair.repaired[static_cast<std::size_t>(state::Op::added)],
        repair.repaired[static_cast<std::size_t>(state::Op::changed)],
        repair.repaired[static_cast<std::size_t>(state::Op::removed)]);
}

}  // namespace nlwatch
