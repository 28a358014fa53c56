#include "state/row.hpp"

#include <algorithm>

namespace nlwatch::state {

std::string_view Row::name_of(std::uint32_t ifindex) const {
    if (ifindex == key.ifindex && key.kind == rtnl::Kind::link) return ifname;
    const auto found = std::find_if(mentioned.begin(), mentioned.end(),
                                    [&](const MentionedName& link) { return link.ifindex == ifindex; });
    return found == mentioned.end() ? std::string_view{} : found->name.view();
}

bool same_state(const Row& a, const Row& b) {
    return a.key == b.key && a.ifname == b.ifname && a.link_kind == b.link_kind &&
           a.mentioned == b.mentioned && a.object == b.object;
}

}  // namespace nlwatch::state
