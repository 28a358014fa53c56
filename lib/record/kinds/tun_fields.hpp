// The fields of a tun's and tap's data, as `ip -j -d link` has them.
#pragma once
#include "record/values.hpp"
#include "rtnl/kinds/tun.hpp"

namespace nlwatch::record {

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::Tun>
void visit_fields(Visitor& field, Data& tun) {
    field("type", Word{tun.type, words::tun_type});
    field("pi", tun.pi);
    field("vnet_hdr", tun.vnet_hdr);
    field("multi_queue", tun.multi_queue);
    field("numqueues", tun.num_queues);
    field("numdisabled", tun.num_disabled_queues);
    field("persist", tun.persist);
}

}  // namespace nlwatch::record
