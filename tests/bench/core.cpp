// What one event costs on its way from bytes to lines, on captured messages: step by step, and whole.
#include <benchmark/benchmark.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "backlog/backlog.hpp"
#include "backlog/feed.hpp"
#include "netlink/attribute.hpp"
#include "record/renderer.hpp"
#include "rtnl/decode.hpp"
#include "state/network_state.hpp"
#include "support/fixture.hpp"

namespace {

using namespace nlwatch;
using test::Datagram;

constexpr std::uint32_t population = 1'000;  // links, each with an address
const record::Stamp now = record::Stamp::now();

// Where in `datagram`, which holds one message, the 32 bits of an attribute stand.
std::byte* find_attribute(Datagram& datagram, std::uint16_t type, std::size_t fixed_part) {
    netlink::Bytes payload = netlink::MessageReader(datagram).next()->payload;
    netlink::AttributeReader attributes(payload.subspan(fixed_part));
    while (const auto attribute = attributes.next())
        if (attribute->type == type) return datagram.data() + (attribute->payload.data() - datagram.data());
    throw std::runtime_error("the fixture's message lacks the attribute that is to alternate");
}

// A captured event, and the same with one value changed: each in turn is a change to the other.
using Pair = std::array<Datagram, 2>;

Pair alternating(const std::string& fixture, std::uint16_t message_type, std::uint16_t attribute,
                 std::size_t fixed_part) {
    for (const auto& captured : test::fixture(fixture).datagrams) {
        const auto message = *netlink::MessageReader(captured).next();
        if (message.type != message_type || !std::holds_alternative<rtnl::Update>(rtnl::decode(message)))
            continue;
        Pair pair{captured, captured};
        const std::uint32_t other = 1'234;
        std::memcpy(find_attribute(pair[1], attribute, fixed_part), &other, sizeof other);
        return pair;
    }
    throw std::runtime_error(fixture + " has no message of that type");
}

Pair veth() { return alternating("veth_up", RTM_NEWLINK, IFLA_MTU, sizeof(ifinfomsg)); }
Pair bridge_port() { return alternating("bridge_port_flags", RTM_NEWLINK, IFLA_MTU, sizeof(ifinfomsg)); }
Pair address() { return alternating("address_inet_label", RTM_NEWADDR, IFA_RT_PRIORITY, sizeof(ifaddrmsg)); }

rtnl::Update decoded(const Datagram& datagram) {
    return std::get<rtnl::Update>(rtnl::decode(*netlink::MessageReader(datagram).next()));
}

// The daemon's way without its sockets: a state with some population, and the backlog behind it.
class Way {
public:
    explicit Way(const Pair& events) {
        // The links that the events are of, or on.
        for (const auto* fixture : {"dump_links", "veth_up"})
            for (const auto& captured : test::fixture(fixture).messages()) apply(captured);
        auto link = *rtnl::as_link(decoded(veth()[0]).object);
        auto ip = *rtnl::as_address(decoded(address()[0]).object);
        for (std::uint32_t n = 1; n <= population; ++n) {
            link.ifindex = ip.ifindex = 10'000 + n;
            link.ifname = rtnl::Name("veth" + std::to_string(n));
            state_.apply({.key = rtnl::key_of(link), .object = rtnl::Boxed(link)}, learnt_);
            state_.apply({.key = rtnl::key_of(ip), .object = ip}, learnt_);
        }
        for (const auto& event : events) receive(event);
        backlog_.begin();
    }

    void receive(const Datagram& datagram) {
        netlink::MessageReader messages(datagram);
        while (const auto message = messages.next()) apply(*message);
    }
    void apply(const netlink::Message& message) {
        const auto what = rtnl::decode(message);
        if (const auto* update = std::get_if<rtnl::Update>(&what)) state_.apply(*update, learnt_);
    }

    state::NetworkState& state() { return state_; }
    backlog::Backlog& backlog() { return backlog_; }
    const state::NetworkState::Learnt& learnt() const { return learnt_; }
    std::uint64_t changes() const { return changes_; }
    const state::Change& last() const { return last_; }
    void publish(bool on) { publish_ = on; }

private:
    void changed(const state::Change& change) {
        ++changes_;
        if (publish_)
            backlog_.changed(change, now);
        else
            last_ = change;
    }

    static record::Identity identity() {
        record::Identity who;
        who.run = 0x4f1c2a9be07d4c55;
        who.version = "0.1.0";
        who.netns_cookie = 4'097;
        return who;
    }

    state::NetworkState::Learnt learnt_{.now = now.monotonic};
    state::NetworkState state_{[this](const state::Change& change) { changed(change); }};
    backlog::Backlog backlog_{state_.table(), identity(), {}, 32 << 20};
    bool publish_ = false;
    state::Change last_;
    std::uint64_t changes_ = 0;
};

// A benchmark in which nothing changes measures nothing.
void expect_changes(benchmark::State& run, std::uint64_t changes) {
    if (changes < static_cast<std::uint64_t>(run.iterations())) run.SkipWithError("events made no change");
}

void decode(benchmark::State& run, Pair (*events)()) {
    const auto pair = events();
    std::size_t turn = 0;
    for (auto _ : run)
        benchmark::DoNotOptimize(rtnl::decode(*netlink::MessageReader(pair[++turn % 2]).next()));
    run.SetBytesProcessed(run.iterations() * static_cast<std::int64_t>(pair[0].size()));
}

void apply(benchmark::State& run, Pair (*events)()) {
    const auto pair = events();
    const std::array updates{decoded(pair[0]), decoded(pair[1])};
    Way way(pair);
    const auto before = way.changes();
    std::size_t turn = 0;
    for (auto _ : run) way.state().apply(updates[turn++ % 2], way.learnt());
    expect_changes(run, way.changes() - before);
}

void apply_unchanged(benchmark::State& run, Pair (*events)()) {
    const auto pair = events();
    const auto update = decoded(pair[1]);
    Way way(pair);
    const auto before = way.changes();
    for (auto _ : run) way.state().apply(update, way.learnt());
    if (way.changes() != before) run.SkipWithError("the same again made a change");
}

void render(benchmark::State& run, Pair (*events)()) {
    Way way(events());
    const auto change = way.last();
    std::string line;
    for (auto _ : run) {
        line.clear();
        benchmark::DoNotOptimize(way.backlog().renderer().change(line, 1, change, now));
    }
    if (line.find("\"before\"") == line.npos) run.SkipWithError("not a change");
    run.SetBytesProcessed(run.iterations() * static_cast<std::int64_t>(line.size()));
}

void append(benchmark::State& run, Pair (*events)()) {
    Way way(events());
    const auto change = way.last();
    for (auto _ : run) way.backlog().changed(change, now);
}

void whole_way(benchmark::State& run, Pair (*events)()) {
    const auto pair = events();
    Way way(pair);
    way.publish(true);
    const auto before = way.changes();
    std::size_t turn = 0;
    for (auto _ : run) way.receive(pair[turn++ % 2]);
    expect_changes(run, way.changes() - before);
}

// One record on its way out to one reader: looked at by its filter, and copied into the batch.
void deliver(benchmark::State& run, Pair (*events)()) {
    constexpr std::int64_t records = 10'000;
    const auto pair = events();
    Way way(pair);
    way.publish(true);
    for (std::int64_t n = 0; n < records; ++n) way.receive(pair[static_cast<std::size_t>(n % 2)]);
    std::string batch;
    std::int64_t lines = 0;
    for (auto _ : run) {
        backlog::Request request;
        request.since = record::Position{way.backlog().run(), 0};
        backlog::Feed feed(way.backlog(), request);
        lines = 0;
        for (bool more = true; more;) {
            while (const auto line = feed.next(now)) {
                if (batch.size() > 64 << 10) batch.clear();
                batch += line->text;
                ++lines;
            }
            more = feed.behind();
        }
    }
    if (lines < records) run.SkipWithError("records are missing");
    run.SetItemsProcessed(run.iterations() * lines);
}

void copy_table(benchmark::State& run) {
    state::NetworkState state([](const state::Change&) {});
    auto link = *rtnl::as_link(decoded(veth()[0]).object);
    for (std::uint32_t n = 1; n <= run.range(0); ++n) {
        link.ifindex = n;
        state.apply({.key = rtnl::key_of(link), .object = rtnl::Boxed(link)}, {.now = now.monotonic});
    }
    for (auto _ : run) {
        state::Table copy = state.table();
        benchmark::DoNotOptimize(copy);
    }
}

#define FOR_EACH_EVENT(function)                           \
    BENCHMARK_CAPTURE(function, veth, veth);               \
    BENCHMARK_CAPTURE(function, bridge_port, bridge_port); \
    BENCHMARK_CAPTURE(function, address, address)

FOR_EACH_EVENT(decode);
FOR_EACH_EVENT(apply);
FOR_EACH_EVENT(apply_unchanged);
FOR_EACH_EVENT(render);
FOR_EACH_EVENT(append);
FOR_EACH_EVENT(whole_way);
BENCHMARK_CAPTURE(deliver, veth, veth)->Unit(benchmark::kMillisecond);
BENCHMARK(copy_table)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
