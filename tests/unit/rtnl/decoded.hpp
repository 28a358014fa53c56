// Fixtures, decoded.
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "netlink/request.hpp"
#include "rtnl/decode.hpp"
#include "support/fixture.hpp"

namespace nlwatch::rtnl::test {

// The updates among a fixture's messages, in order. None may be malformed.
inline std::vector<Update> updates(const std::string& fixture) {
    std::vector<Update> all;
    const auto captured = nlwatch::test::fixture(fixture);
    for (const auto& message : captured.messages()) {
        Decoded decoded = decode(message);
        EXPECT_FALSE(std::holds_alternative<Malformed>(decoded)) << fixture;
        if (auto* update = std::get_if<Update>(&decoded)) all.push_back(std::move(*update));
    }
    return all;
}

// What was said last of the link of this name; the test fails if nothing was.
inline Link last_link(const std::string& fixture, std::string_view ifname) {
    Link last;
    for (const Update& update : updates(fixture))
        if (const Link* link = as_link(update.object); link && link->ifname == ifname) last = *link;
    EXPECT_EQ(last.ifname.view(), ifname) << fixture;
    return last;
}

inline std::vector<Address> addresses(const std::string& fixture) {
    std::vector<Address> all;
    for (const Update& update : updates(fixture))
        if (const Address* address = as_address(update.object)) all.push_back(*address);
    return all;
}

// `data` as T; the test fails, and gets a default, if it is of another kind.
template <class T, class Data>
T data_as(const Data& data) {
    if (const auto* plain = std::get_if<T>(&data)) return *plain;
    ADD_FAILURE() << "data of another kind: " << data.index();
    return {};
}
template <class T, class Data>
T boxed_data_as(const Data& data) {
    if (const auto* boxed = std::get_if<Boxed<T>>(&data)) return **boxed;
    ADD_FAILURE() << "data of another kind: " << data.index();
    return {};
}

inline IpAddress ip(const char* text) {
    IpAddress address;
    address.family = std::string_view{text}.find(':') == std::string_view::npos ? AF_INET : AF_INET6;
    EXPECT_EQ(inet_pton(address.family, text, address.bytes.data()), 1) << text;
    return address;
}

inline HardwareAddress mac(std::initializer_list<std::uint8_t> bytes) {
    HardwareAddress address;
    EXPECT_TRUE(address.assign(std::as_bytes(std::span{bytes.begin(), bytes.size()})));
    return address;
}

inline Decoded decode_request(netlink::Request request) {
    netlink::MessageReader reader{request.bytes(0)};
    return decode(*reader.next());
}

}  // namespace nlwatch::rtnl::test
