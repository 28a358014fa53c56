// Changes behind which the kernel is known to change more without a message.
#pragma once
#include "state/row.hpp"

namespace nlwatch::state {

struct Suspicion {
    bool soon = false;   // look again in a moment
    bool later = false;  // … and once more when duplicate address detection must be over
};

// By experiment on Linux 6.18: a link that comes, goes or moves changes its veth peer's IFLA_LINK_NETNSID in
// silence; one that goes up takes link-local IPv6 addresses through a tentative phase that is announced only
// at its end; one that goes down makes kept IPv6 addresses tentative (keep_addr_on_down). Only what was
// learnt live says so: a pass has looked.
Suspicion suspicion_after(const Change&);

}  // namespace nlwatch::state
