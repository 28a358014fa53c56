#include "netlink/request.hpp"

#include <linux/netlink.h>

namespace nlwatch::netlink {

Request::Request(std::uint16_t type, std::uint16_t flags) {
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = flags | NLM_F_REQUEST;
    append(std::as_bytes(std::span{&header, 1}));
}

Request& Request::attribute(std::uint16_t type, Bytes payload) {
    nlattr header{};
    header.nla_type = type;
    header.nla_len = static_cast<std::uint16_t>(sizeof header + payload.size());
    append(std::as_bytes(std::span{&header, 1}));
    append(payload);
    return *this;
}

Request& Request::text(std::uint16_t type, std::string_view value) {
    std::vector<std::byte> payload(value.size() + 1);
    std::memcpy(payload.data(), value.data(), value.size());
    return attribute(type, payload);
}

Request& Request::nest(std::uint16_t type) {
    nests_.push_back(buffer_.size());
    return attribute(type | NLA_F_NESTED, Bytes{});
}

Request& Request::end() {
    const std::size_t start = nests_.back();
    nests_.pop_back();
    const auto length = static_cast<std::uint16_t>(buffer_.size() - start);
    std::memcpy(buffer_.data() + start + offsetof(nlattr, nla_len), &length, sizeof length);
    return *this;
}

Bytes Request::bytes(std::uint32_t sequence, std::uint32_t port_id) {
    nlmsghdr header{};
    std::memcpy(&header, buffer_.data(), sizeof header);
    header.nlmsg_len = static_cast<std::uint32_t>(buffer_.size());
    header.nlmsg_seq = sequence;
    header.nlmsg_pid = port_id;
    std::memcpy(buffer_.data(), &header, sizeof header);
    return buffer_;
}

void Request::append(Bytes bytes) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    buffer_.resize(aligned(buffer_.size()));
}

}  // namespace nlwatch::netlink
