#include <spdlog/fmt/fmt.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "client/connect.hpp"
#include "client/print.hpp"
#include "client/run.hpp"
#include "commands/commands.hpp"
#include "doors.hpp"
#include "failure.hpp"
#include "identity.hpp"
#include "kernel/follower.hpp"
#include "record/renderer.hpp"
#include "signals.hpp"
#include "stream_fold.hpp"

namespace nlwatch::commands {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr int looks = 5;               // a key that is wrong every time is a difference
constexpr auto between_looks = 200ms;  // both sides go on meanwhile
constexpr auto patience = 15s;         // for the daemon's first snapshot

struct Difference {
    std::string key;
    std::string stream, kernel;  // the object, as JSON; empty = it is not there
};

// What the kernel says, by key, as the daemon would write it: nlwatch's own follower, read in this process.
std::map<std::string, std::string> kernel_objects(const state::Table& table, const record::Renderer& renderer,
                                                  const record::Scope& scope) {
    std::map<std::string, std::string> objects;
    for (state::RowPtr row = table.at_or_after({}); row; row = table.after(row->key)) {
        if (!scope.covers(record::Subject{*row})) continue;
        std::string key, object;
        renderer.key(key, row->key);
        renderer.object(object, *row);
        objects[key] = json::parse(object).dump();
    }
    return objects;
}

std::string at_or_empty(const std::map<std::string, std::string>& objects, const std::string& key) {
    const auto found = objects.find(key);
    return found == objects.end() ? std::string{} : found->second;
}

class Verification {
public:
    Verification(asio::io_context& io, const std::string& path)
        : path_(path),
          socket_(client::connect(io.get_executor(), path, client::Purpose::read)),
          timer_(io),
          follower_(io.get_executor(), {}, listener()) {}

    // Throws Failure.
    asio::awaitable<void> run() {
        follower_.start();
        asio::co_spawn(timer_.get_executor(), read_stream(), [this](std::exception_ptr error) {
            if (error) stream_error_ = error;
        });
        co_await wait_for_both();
        client::warn_of_other_version(fold_.hello()->version);
        record::Identity identity = new_identity();
        if (identity.netns_cookie != fold_.hello()->netns_cookie)
            throw Failure{exit_code::failure,
                          "the daemon follows another network namespace than this one: run verify there"};
        const record::Renderer renderer{std::move(identity)};
        for (int look = 0; look < looks; ++look) {
            if (look > 0) co_await pause(between_looks);
            compare(renderer, look == 0);
            if (differences_.empty() || stream_error_) break;
        }
        if (stream_error_) std::rethrow_exception(stream_error_);
        follower_.stop();
        socket_.close();
    }

    const std::vector<Difference>& differences() const { return differences_; }
    std::size_t compared() const { return compared_; }

private:
    static kernel::Follower::Listener listener() {
        kernel::Follower::Listener listener;
        listener.changed = [](const state::Change&) {};
        listener.complete = [] {};
        listener.lost = [](const kernel::Loss&) {};
        listener.repaired = [](const kernel::Repair&) {};
        listener.turn_ended = [] {};
        listener.failed = [](std::exception_ptr error) { std::rethrow_exception(error); };
        return listener;
    }

    asio::awaitable<void> read_stream() {
        std::string buffer;
        std::array<char, 64 * 1024> chunk;
        for (;;) {
            boost::system::error_code error;
            const std::size_t length = co_await socket_.async_read_some(
                asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, error));
            if (error == asio::error::operation_aborted) co_return;
            if (error)
                throw Failure{exit_code::unreachable,
                              fmt::format("the daemon has closed the stream: {}", error.message())};
            buffer.append(chunk.data(), length);
            std::size_t begin = 0;
            for (std::size_t end; (end = buffer.find('\n', begin)) != std::string::npos; begin = end + 1)
                fold_.line(std::string_view{buffer}.substr(begin, end - begin));
            buffer.erase(0, begin);
        }
    }

    asio::awaitable<void> wait_for_both() {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (!stream_error_ && !(fold_.whole() && fold_.settled() && follower_.sync().settled())) {
            if (std::chrono::steady_clock::now() > deadline)
                throw Failure{exit_code::unreachable,
                              fmt::format("the daemon at {} has not told its whole state within {} s", path_,
                                          patience / 1s)};
            co_await pause(10ms);
        }
        if (stream_error_) std::rethrow_exception(stream_error_);
    }

    asio::awaitable<void> pause(std::chrono::milliseconds time) {
        timer_.expires_after(time);
        co_await timer_.async_wait(asio::use_awaitable);
    }

    // Of all keys, or of those that differed at the last look.
    void compare(const record::Renderer& renderer, bool all) {
        const auto kernel = kernel_objects(follower_.state().table(), renderer, fold_.hello()->published);
        const auto& stream = fold_.objects();
        std::set<std::string> keys;
        if (all) {
            for (const auto& [key, object] : kernel) keys.insert(key);
            for (const auto& [key, object] : stream) keys.insert(key);
            compared_ = keys.size();
        } else {
            for (const Difference& difference : differences_) keys.insert(difference.key);
        }
        differences_.clear();
        for (const std::string& key : keys) {
            Difference now{key, at_or_empty(stream, key), at_or_empty(kernel, key)};
            if (now.stream != now.kernel) differences_.push_back(std::move(now));
        }
    }

    std::string path_;
    stream_protocol::socket socket_;
    asio::steady_timer timer_;
    kernel::Follower follower_;
    StreamFold fold_;
    std::exception_ptr stream_error_;
    std::vector<Difference> differences_;
    std::size_t compared_ = 0;
};

std::string in_words(const Difference& difference) {
    if (difference.kernel.empty())
        return fmt::format("{}: in the stream, but not in the kernel\n", difference.key);
    if (difference.stream.empty())
        return fmt::format("{}: in the kernel, but not in the stream\n", difference.key);
    const json stream = json::parse(difference.stream), kernel = json::parse(difference.kernel);
    std::set<std::string> members;
    for (const auto& [name, value] : stream.items()) members.insert(name);
    for (const auto& [name, value] : kernel.items()) members.insert(name);
    std::string text;
    const auto value = [](const json& object, const std::string& name) {
        return object.contains(name) ? object[name].dump() : std::string{"nothing"};
    };
    for (const std::string& name : members)
        if (value(stream, name) != value(kernel, name))
            text += fmt::format("{}: {} is {} in the stream, {} in the kernel\n", difference.key, name,
                                value(stream, name), value(kernel, name));
    return text;
}

std::string report(const Verification& verification, bool as_json) {
    if (as_json) {
        json differences = json::array();
        for (const Difference& difference : verification.differences()) {
            json entry{{"key", difference.key}};
            if (!difference.stream.empty()) entry["stream"] = json::parse(difference.stream);
            if (!difference.kernel.empty()) entry["kernel"] = json::parse(difference.kernel);
            differences.push_back(std::move(entry));
        }
        const json whole{{"agrees", differences.empty()},
                         {"compared", verification.compared()},
                         {"differences", differences}};
        return whole.dump() + "\n";
    }
    std::string text;
    for (const Difference& difference : verification.differences()) text += in_words(difference);
    if (verification.differences().empty())
        return fmt::format("the stream and the kernel agree on {} objects\n", verification.compared());
    return text + fmt::format("{} of {} objects differ\n", verification.differences().size(),
                              verification.compared());
}

}  // namespace

int verify(const VerifyOptions& options) {
    end_at_signals();
    asio::io_context io{1};
    Verification verification{io, doors::socket(options.dir, doors::stream)};
    client::run(io, verification.run());
    client::print(report(verification, options.output.format == Format::json));
    return verification.differences().empty() ? exit_code::ok : exit_code::failure;
}

}  // namespace nlwatch::commands
