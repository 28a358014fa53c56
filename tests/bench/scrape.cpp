// What metrics cost: on the way of each event, on the reactor for a scrape, and on the worker that writes it.
#include <benchmark/benchmark.h>

#include <boost/asio/post.hpp>
#include <string>

#include "scrape/sample.hpp"
#include "state/network_state.hpp"
#include "support/objects.hpp"

namespace {

using namespace nlwatch;

// A daemon's sources, with as many links as get series; nothing is read from its sockets.
struct World {
    boost::asio::io_context io{1};
    kernel::Follower follower{io.get_executor(), {}, {}};
    state::Change last;
    state::NetworkState network{[this](const state::Change& change) {
        observed.changed(change, {});
        last = change;
    }};
    scrape::Observed observed{network.table(), {}};
    backlog::Backlog backlog{network.table(), {}, {}, 1 << 20};
    scrape::Turns turns;
    scrape::Sources sources{follower,
                            backlog,
                            observed,
                            turns,
                            [] { return scrape::ReadersByTransport{}; },
                            [] { return scrape::Reloads{}; },
                            [] {
                                return std::vector<scrape::NamedSink>{{"log", "log", {}, {}}};
                            }};

    World() {
        for (std::uint32_t i = 1; i <= scrape::AllLinkSeries::most; ++i)
            network.apply(test::there(test::link(i, "veth" + std::to_string(i))), {});
        observed.begin({});
    }
};

void a_carrier_change(benchmark::State& run) {
    World world;
    world.network.apply(test::there(test::without_carrier(test::link(500, "veth500"))), {});
    const state::Change change = world.last;
    for (auto _ : run) world.observed.changed(change, {});
}
BENCHMARK(a_carrier_change);

void the_histogram_of_each_event(benchmark::State& run) {
    metrics::Histogram histogram{metrics::buckets::event_dispatch};
    const auto begun = std::chrono::steady_clock::now();
    for (auto _ : run) histogram.observe((std::chrono::steady_clock::now() - begun) % 100'000);
    benchmark::DoNotOptimize(histogram);
}
BENCHMARK(the_histogram_of_each_event);

void gather_1000_links(benchmark::State& run) {
    World world;
    for (auto _ : run) benchmark::DoNotOptimize(gather(world.sources, record::Stamp::now()));
}
BENCHMARK(gather_1000_links);

void expose_1000_links(benchmark::State& run) {
    World world;
    const scrape::Sample sample = gather(world.sources, record::Stamp::now());
    std::size_t bytes = 0;
    for (auto _ : run) benchmark::DoNotOptimize(bytes = expose(sample).size());
    run.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(expose_1000_links)->Unit(benchmark::kMillisecond);

constexpr int handlers = 1'000;

template <typename Run>
void turns_of(benchmark::State& run, const Run& run_loop) {
    for (auto _ : run) {
        boost::asio::io_context io{1};
        for (int i = 0; i < handlers; ++i) boost::asio::post(io, [] {});
        run_loop(io);
    }
    run.SetItemsProcessed(run.iterations() * handlers);
}

void a_turn_unmeasured(benchmark::State& run) {
    turns_of(run, [](boost::asio::io_context& io) { io.run(); });
}
BENCHMARK(a_turn_unmeasured);

void a_turn_measured(benchmark::State& run) {
    scrape::Turns turns;
    turns_of(run, [&](boost::asio::io_context& io) { turns.run(io); });
}
BENCHMARK(a_turn_measured);

}  // namespace

BENCHMARK_MAIN();
