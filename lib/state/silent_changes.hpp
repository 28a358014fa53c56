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

// Of an event while the table may be wrong, after a loss: what is an edge to the kernel may then be none to
// us.
Suspicion suspicion_in_doubt(const rtnl::Update&);

}  // namespace nlwatch::state
