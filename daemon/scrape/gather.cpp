#include "scrape/sample.hpp"

namespace nlwatch::scrape {

Sample gather(const Sources& from, const record::Stamp& now) {
    Sample sample;
    sample.taken = now;
    sample.follower = from.follower.counters();
    sample.passes = from.follower.sync().counters();
    sample.resyncing = from.follower.sync().resyncing();
    sample.receive_buffer = from.follower.receive_buffer();
    sample.requested_receive_buffer = from.follower.requested_receive_buffer();
    for (std::size_t kind = 0; kind < rtnl::kinds; ++kind)
        sample.objects[kind] = from.follower.state().table().size(static_cast<rtnl::Kind>(kind));
    sample.unchanged = from.follower.state().counters().unchanged;
    sample.backlog = from.backlog.counters();
    sample.backlog_records = from.backlog.ring().records();
    sample.backlog_bytes = from.backlog.ring().bytes();
    sample.links = from.observed.links().copy();
    sample.links_left_out = from.observed.links().left_out();
    sample.address_transitions = from.observed.address_transitions();
    sample.stalls = from.turns.stalls();
    sample.readers = from.readers();
    sample.reloads = from.reloads();
    sample.sinks = from.sinks();
    return sample;
}

}  // namespace nlwatch::scrape
