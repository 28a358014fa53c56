#include <spdlog/spdlog.h>
#include <unistd.h>

#include "commands/commands.hpp"
#include "config/load.hpp"
#include "config/values.hpp"
#include "doors.hpp"
#include "engine.hpp"
#include "failure.hpp"
#include "local_reader.hpp"
#include "log.hpp"
#include "resync_frames.hpp"
#include "signals.hpp"
#include "sink/stream.hpp"
#include "sink/unix_listener.hpp"

namespace nlwatch::commands {

namespace {

sink::UnixAddress stream_address(const doors::Folder& folder, const config::Config::Stream& stream) {
    return {.path = folder.path + "/" + doors::stream,
            .mode = stream.mode.value_or(config::default_mode(folder.shared)),
            .group = stream.group.value_or(config::default_group(folder.shared))};
}

// What the log tells of a network: the edges that people look for.
backlog::Request logged() {
    backlog::Request request;
    using namespace record::transition;
    request.filter.transitions = state_up | state_down | usable | unusable;
    return request;
}

std::string lost_text(const std::optional<std::uint64_t>& lost) {
    return lost ? fmt::format("{} messages", *lost) : std::string{"an unknown number of messages"};
}

Engine::Observer logging(const std::string& stream_path, const Engine& engine) {
    Engine::Observer observer;
    observer.complete = [&engine, stream_path] {
        const state::Table& table = engine.follower().state().table();
        spdlog::info("following {} links and {} addresses", table.size(rtnl::Kind::link),
                     table.size(rtnl::Kind::address));
        spdlog::info("the stream is at {}; read it with: nc -U {}", stream_path, stream_path);
    };
    observer.lost = [](const kernel::Loss& loss) {
        spdlog::warn("{} from the kernel were lost ({}); looking again; the receive buffer has {}",
                     lost_text(loss.lost), cause_name(loss.cause), config::size_text(loss.receive_buffer));
    };
    observer.repaired = [](const kernel::Repair& repair) {
        spdlog::info(
            "in step with the kernel again after {:.3f} s: {} lost, {} objects added, {} changed, {} removed",
            std::chrono::duration<double>(repair.duration).count(), lost_text(repair.lost),
            repair.repaired[0], repair.repaired[1], repair.repaired[2]);
    };
    return observer;
}

}  // namespace

int run(const RunOptions& options) {
    const config::Config config = config::load(options.config_file).config;
    log::set_up();
    const sink::UnixAddress address =
        stream_address(doors::for_daemon(options.dir, config.runtime.dir.value_or("")), config.stream);

    boost::asio::io_context io{1};
    Engine engine{io, config};
    engine.observe(logging(address.path, engine));
    if (const std::size_t granted = engine.follower().receive_buffer();
        granted < config.netlink.receive_buffer)
        spdlog::warn(
            "the kernel grants a receive buffer of {} instead of {}: raise net.core.rmem_max to {}, or grant "
            "CAP_NET_ADMIN",
            config::size_text(granted), config::size_text(config.netlink.receive_buffer),
            config.netlink.receive_buffer / 2);
    sink::UnixListener listener = sink::listen_unix(io.get_executor(), address);
    const auto server =
        sink::StreamServer::start(std::move(listener.acceptor), engine.backlog(), engine.wake_up(),
                                  {.max_clients = config.stream.max_clients});
    LocalReader log_reader{engine.backlog(),
                           logged(),
                           STDERR_FILENO,
                           log::to_journal() ? sink::Print::log : sink::Print::text,
                           OutputOptions{}.coloured(STDERR_FILENO),
                           log::to_journal() ? "<6>" : ""};
    log_reader.start(io, engine.wake_up(), [] {});

    EndSignals signals{io, [&] {
                           spdlog::info("ending");
                           server->stop();
                           log_reader.stop();
                           engine.stop();
                           signals.stop();
                       }};
    engine.start();
    io.run();
    return exit_code::ok;
}

}  // namespace nlwatch::commands
