// The request for one part of a pass.
#pragma once
#include "netlink/request.hpp"
#include "state/pass.hpp"

namespace nlwatch::kernel {

// Statistics are left out (RTEXT_FILTER_SKIP_STATS), as are virtual functions and bridge VLANs: they are not
// state here.
netlink::Request dump_request(const state::Pass::Part&);

}  // namespace nlwatch::kernel
