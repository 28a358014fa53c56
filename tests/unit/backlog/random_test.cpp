// Random lives of a backlog and its readers, held against the laws of records.md and against the table.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "backlog/feed.hpp"
#include "fold.hpp"
#include "world.hpp"

namespace nlwatch::test {
namespace {

class Random {
public:
    explicit Random(unsigned seed) : engine_(seed) {}
    unsigned below(unsigned end) { return engine_() % end; }
    bool one_in(unsigned n) { return below(n) == 0; }
    template <class T>
    const T& of(const std::vector<T>& all) {
        return all[below(static_cast<unsigned>(all.size()))];
    }

private:
    std::mt19937 engine_;
};

const std::vector<record::Scope> scopes{
    {},
    interfaces({"eth*"}),
    interfaces({"!veth*"}),
    interfaces({"lo", "veth1"}),
    kinds({"link"}),
    kinds({"address"}),
    {.kinds = {}, .interfaces = {}, .link_kinds = record::Globs({"!veth"})},
    {.kinds = {}, .interfaces = {}, .link_kinds = record::Globs({"none"})}};

// A reader with its own fold, which may come back with a position.
class Reader {
public:
    Reader(World& world, Random& random) : world_(world), random_(random) {
        if (!random.one_in(3)) scope_ = random.of(scopes);
        if (random.one_in(4)) request_.snapshot = false;
        if (random.one_in(5)) request_.filter.types = record::Globs({"link.*"});
        if (!scope_.everything()) request_.filter.scopes = {scope_};
        filtered_ = !scope_.everything() || !request_.filter.foldable();
        connect();
    }

    // Reads some lines; returns the law that they break.
    std::string read(unsigned lines) {
        for (unsigned i = 0; i < lines; ++i) {
            const Line line = next(*feed_, world_);
            if (line.type.empty()) {
                if (feed_->behind()) continue;
                return caught_up();
            }
            ++lines_;
            if (std::string breach = fold_.read(line); !breach.empty()) return breach;
        }
        return {};
    }
    // Loses some lines, as a sink does that gives up on a batch.
    void lose(unsigned lines) {
        std::optional<std::uint64_t> to;
        for (unsigned i = 0; i < lines; ++i)
            if (const Line line = next(*feed_, world_); !line.type.empty()) to = line.position.seq;
        if (to && fold_.greeted())
            feed_->give_up(fold_.seq() + 1, *to, world_.now().monotonic);
        else
            connect();
    }
    std::string read_all() {
        std::string breach;
        do {
            breach = read(64);
        } while (breach.empty() && !done_);
        done_ = false;
        return breach;
    }

    // Drops the connection; comes back with where it stood, or with nothing.
    void reconnect() {
        const bool knows = random_.one_in(2);
        const std::optional<record::Position> place = knows ? feed_->position() : fold_.position();
        // Within a snapshot the fold is no longer what the last position stands for.
        if (fold_.whole() && place) {
            request_.since = *place;
            ASSERT_EQ(refusal(request_, world_.backlog), std::nullopt);
            fold_.reconnect(place->seq);
            feed_ = std::make_unique<backlog::Feed>(world_.backlog, request_);
        } else {
            connect();
        }
    }

    std::uint64_t lines() const { return lines_; }
    std::uint64_t gaps() const { return feed_->gaps(); }

private:
    void connect() {
        request_.since.reset();
        fold_ = Fold(filtered_, request_.view());
        feed_ = std::make_unique<backlog::Feed>(world_.backlog, request_);
    }

    // At the head a view is the table, within its scope.
    std::string caught_up() {
        done_ = true;
        if (feed_->position() != record::Position{run, world_.backlog.head()})
            return "who has read all stands at the head";
        if (request_.view() && fold_.objects() != objects_of(world_, request_.filter.scopes))
            return "the fold is the table at " + std::to_string(world_.backlog.head());
        return {};
    }

    World& world_;
    Random& random_;
    record::Scope scope_;
    backlog::Request request_;
    bool filtered_ = false, done_ = false;
    Fold fold_;
    std::unique_ptr<backlog::Feed> feed_;
    std::uint64_t lines_ = 0;
};

void step(World& world, Random& random) {
    static const std::vector<std::string> names{"lo", "eth1", "eth2", "veth1", "veth2", "br0"};
    static const std::vector<std::string> link_kinds{"", "veth", "bridge"};
    // Drawn in one order, whatever the compiler: a seed means the same everywhere.
    const std::uint32_t ifindex = 1 + random.below(5);
    const auto host = static_cast<std::uint8_t>(random.below(3));
    const bool up = random.one_in(2), seldom = random.one_in(4);
    const state::Origin origin = random.one_in(8) ? state::Origin::audit : state::Origin::live;
    switch (random.below(12)) {
        case 0:
            world.remove_link(ifindex, origin);
            break;
        case 1:
            world.remove_address(ifindex, host, origin);
            break;
        case 2:
        case 3:
        case 4:
            world.address(ifindex, host, up, origin);
            break;
        case 5:
            if (seldom) world.backlog.reload(random.of(scopes), world.now());
            break;
        case 6:
            if (seldom) world.backlog.frame(record::Entry::Frame::resync_begin, ",\"resync\":1", world.now());
            break;
        default: {
            const std::string& name = random.of(names);
            const std::string& kind = random.of(link_kinds);
            world.link(ifindex, name, kind, random.one_in(2) ? 1500 : 9000, up, origin);
        }
    }
    world.pass(std::chrono::milliseconds{random.below(400)});
}

// Returns the law that was broken.
std::string live(unsigned seed, std::uint64_t& lines, std::uint64_t& gaps) {
    Random random(seed);
    const std::size_t ring_bytes = 2048 + random.below(16) * 1024;
    World world(ring_bytes, random.one_in(3) ? random.of(scopes) : record::Scope{});
    for (unsigned i = 0; i < 10; ++i) step(world, random);
    world.backlog.begin();
    std::vector<std::unique_ptr<Reader>> readers;
    for (int i = 0; i < 5; ++i) readers.push_back(std::make_unique<Reader>(world, random));
    for (int i = 0; i < 100; ++i) {
        step(world, random);
        for (const auto& reader : readers) {
            if (random.one_in(2)) continue;
            const std::string breach = random.one_in(10) ? reader->read_all() : reader->read(random.below(6));
            if (!breach.empty()) return breach;
            if (random.one_in(25)) reader->reconnect();
            if (random.one_in(25)) reader->lose(1 + random.below(8));
        }
    }
    for (const auto& reader : readers) {
        if (std::string breach = reader->read_all(); !breach.empty()) return breach;
        lines += reader->lines();
        gaps += reader->gaps();
    }
    return {};
}

TEST(RandomLife, EveryReaderFoldsToItsScopeOfTheTable) {
    std::uint64_t lines = 0, gaps = 0;
    for (unsigned seed = 0; seed < 400; ++seed) ASSERT_EQ(live(seed, lines, gaps), "") << "seed " << seed;
    // The lives are lively: readers were overtaken, and read much all the same.
    EXPECT_GT(lines, 50'000u);
    EXPECT_GT(gaps, 300u);
}

}  // namespace
}  // namespace nlwatch::test
