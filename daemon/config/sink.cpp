#include "config/sink.hpp"

namespace nlwatch::config {

record::Filter EventFilter::filter() const {
    record::Filter filter;
    record::Scope scope{kinds, interfaces, link_kinds};
    if (!scope.everything()) filter.scopes.push_back(std::move(scope));
    filter.types = types;
    filter.transitions = transitions;
    return filter;
}

EventFilter Sink::edges() {
    using namespace record::transition;
    EventFilter filter;
    filter.transitions = state_up | state_down | usable | unusable;
    return filter;
}

}  // namespace nlwatch::config
