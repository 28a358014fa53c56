// What a request is built of is what its readers find, however deep it is nested and wherever it is cut.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "netlink/attribute.hpp"
#include "netlink/message.hpp"
#include "netlink/request.hpp"
#include "support/cut.hpp"

namespace nlwatch::netlink {
namespace {

namespace gen = rc::gen;

// A nest if it has parts, else a payload.
struct Part {
    std::uint16_t type{};
    std::vector<std::uint8_t> payload;
    std::vector<Part> parts;
};

std::vector<Part> any_parts(int depth) {
    std::vector<Part> parts(*gen::inRange<std::size_t>(0, 4));
    for (Part& part : parts) {
        part.type = *gen::inRange<std::uint16_t>(0, 0x4000);  // the two bits above are flags
        if (depth > 0 && *gen::inRange(0, 3) == 0)
            part.parts = any_parts(depth - 1);
        else
            part.payload = *gen::container<std::vector<std::uint8_t>>(gen::arbitrary<std::uint8_t>());
    }
    return parts;
}

void write(Request& request, const std::vector<Part>& parts) {
    for (const Part& part : parts) {
        if (part.parts.empty()) {
            request.attribute(part.type, std::as_bytes(std::span{part.payload}));
            continue;
        }
        request.nest(part.type);
        write(request, part.parts);
        request.end();
    }
}

bool same(Bytes found, const std::vector<std::uint8_t>& wanted) {
    return std::ranges::equal(found, std::as_bytes(std::span{wanted}));
}

void expect(AttributeReader reader, const std::vector<Part>& parts) {
    for (const Part& part : parts) {
        const auto attribute = reader.next();
        RC_ASSERT(attribute.has_value());
        RC_ASSERT(attribute->type == part.type);
        if (part.parts.empty())
            RC_ASSERT(same(attribute->payload, part.payload));
        else
            expect(AttributeReader{*attribute}, part.parts);
    }
    RC_ASSERT(!reader.next() && !reader.broken());
}

RC_GTEST_PROP(Request, IsReadAsItWasWritten, ()) {
    const auto type = *gen::arbitrary<std::uint16_t>();
    const auto sequence = *gen::arbitrary<std::uint32_t>(), port = *gen::arbitrary<std::uint32_t>();
    const std::vector<Part> parts = any_parts(3);
    Request request{type, 0};
    request.body(std::uint32_t{0});
    write(request, parts);

    MessageReader reader{request.bytes(sequence, port)};
    const auto message = reader.next();
    RC_ASSERT(message.has_value());
    RC_ASSERT(message->type == type && message->answers(sequence, port));
    expect(AttributeReader{message->payload.subspan(sizeof(std::uint32_t))}, parts);
    RC_ASSERT(!reader.next() && !reader.broken());
}

// What is whole in front of the cut is read as it was, and the rest is broken: never another message.
RC_GTEST_PROP(Datagram, CutAnywhereIsBrokenBehindWhatIsWhole, ()) {
    std::vector<std::byte> datagram;
    std::vector<std::size_t> ends;
    std::vector<std::vector<std::byte>> payloads;
    for (int messages = *gen::inRange(1, 5); messages > 0; --messages) {
        Request request{*gen::arbitrary<std::uint16_t>(), 0};
        write(request, any_parts(1));
        const Bytes bytes = request.bytes(0);
        datagram.insert(datagram.end(), bytes.begin(), bytes.end());
        ends.push_back(datagram.size());
        payloads.emplace_back(bytes.begin() + 16, bytes.end());
    }
    const test::Cut cut{datagram, *gen::inRange<std::size_t>(0, datagram.size() + 1)};
    MessageReader reader{cut.bytes()};
    std::size_t whole = 0;
    for (; whole < ends.size() && ends[whole] <= cut.bytes().size(); ++whole) {
        const auto message = reader.next();
        RC_ASSERT(message.has_value());
        RC_ASSERT(std::ranges::equal(message->payload, payloads[whole]));
    }
    RC_ASSERT(!reader.next());
    const std::size_t end = whole == 0 ? 0 : ends[whole - 1];
    RC_ASSERT(reader.broken() == (cut.bytes().size() != end));
}

}  // namespace
}  // namespace nlwatch::netlink
