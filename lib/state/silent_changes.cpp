#include "state/silent_changes.hpp"

#include <linux/if.h>

namespace nlwatch::state {

Suspicion suspicion_after(const Change& change) {
    if (change.origin != Origin::live || change.subject().key.kind != rtnl::Kind::link) return {};
    if (change.op() != Op::changed) return {.soon = true, .later = change.op() == Op::added};
    const auto flags = [](const RowPtr& row) {
        return as_link(*row)->flags & (IFF_UP | IFF_RUNNING | IFF_LOWER_UP);
    };
    const bool edge = flags(change.before) != flags(change.after);
    return {.soon = edge, .later = edge};
}

Suspicion suspicion_in_doubt(const rtnl::Update& update) {
    const bool of_a_link = update.key.kind == rtnl::Kind::link;
    return {.soon = of_a_link, .later = of_a_link};
}

}  // namespace nlwatch::state
