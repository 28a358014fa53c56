#include "netlink/attribute.hpp"

#include <linux/netlink.h>

#include <algorithm>

namespace nlwatch::netlink {

std::string_view Attribute::text() const {
    std::string_view all{reinterpret_cast<const char*>(payload.data()), payload.size()};
    return all.substr(0, all.find('\0'));
}

std::optional<Attribute> AttributeReader::next() {
    if (broken_ || rest_.empty()) return std::nullopt;
    nlattr header{};
    if (!copy(rest_, header) || header.nla_len < sizeof header || header.nla_len > rest_.size()) {
        broken_ = true;
        return std::nullopt;
    }
    Attribute attribute{static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK),
                        rest_.subspan(sizeof header, header.nla_len - sizeof header)};
    rest_ = rest_.subspan(std::min(aligned(header.nla_len), rest_.size()));
    return attribute;
}

}  // namespace nlwatch::netlink
