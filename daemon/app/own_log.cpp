#include "app/own_log.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <sstream>

#include "config/values.hpp"
#include "counted.hpp"
#include "log.hpp"
#include "resync_frames.hpp"
#include "scrape/link_series.hpp"

namespace nlwatch {

namespace {

std::string lost_text(const std::optional<std::uint64_t>& lost) {
    return lost ? counted(*lost, "message", "messages") : "an unknown number of messages";
}

std::string list_text(const std::vector<std::string>& list) {
    return fmt::format("{}", fmt::join(list, ", "));
}

auto now() { return std::chrono::steady_clock::now(); }

}  // namespace

void OwnLog::receive_buffer(std::size_t granted, std::size_t requested) {
    if (granted >= requested) {
        log::of("netlink").info("the kernel grants the receive buffer of {} that was asked for",
                                config::size_text(granted));
        return;
    }
    log::of("netlink").warn(
        "the kernel grants a receive buffer of {} instead of {}: raise net.core.rmem_max to {}, or grant "
        "CAP_NET_ADMIN",
        config::size_text(granted), config::size_text(requested), requested / 2);
}

void OwnLog::following(const state::Table& table, const OpenDoors& doors) {
    log::of("netlink").info("following {} and {}", counted(table.size(rtnl::Kind::link), "link", "links"),
                            counted(table.size(rtnl::Kind::address), "address", "addresses"));
    log::of("stream").info("the stream is at {}; read it with: nc -U {}", doors.stream_path,
                           doors.stream_path);
    log::of("http").info("HTTP is at {}{}{}", doors.http_path, doors.addresses.empty() ? "" : " and ",
                         list_text(doors.addresses));
    for (const std::string& address : doors.unlisted)
        log::of("http").warn(
            "{} was passed by a socket unit, and no [[http.listen]] names it: it serves metrics and health "
            "only",
            address);
}

void OwnLog::lost(const kernel::Loss& loss) {
    const auto held_back = losses_.pass(now());
    if (!held_back) return;
    log::of("netlink").warn("lost {} from the kernel ({}); looking again; the receive buffer has {}{}",
                            lost_text(loss.lost), cause_name(loss.cause),
                            config::size_text(loss.receive_buffer), held_back_text(*held_back));
}

void OwnLog::repaired(const kernel::Repair& repair) {
    const auto held_back = repairs_.pass(now());
    if (!held_back) return;
    log::of("netlink").info(
        "in step with the kernel again after {:.3f} s: {} lost, {} objects added, {} changed, {} removed{}",
        std::chrono::duration<double>(repair.duration).count(), lost_text(repair.lost), repair.repaired[0],
        repair.repaired[1], repair.repaired[2], held_back_text(*held_back));
}

void OwnLog::reloaded(const Reloader::Outcome& outcome) {
    if (!outcome.applied()) {
        log::of("config").error("the configuration cannot be used; the one before it goes on:");
        std::istringstream lines{outcome.refused};
        for (std::string line; std::getline(lines, line);) log::of("config").error("{}", line);
        return;
    }
    const auto& [at_once, at_restart] = outcome.changes;
    log::of("config").info("the configuration was loaded anew: {}",
                           at_once.empty() ? "nothing in it has changed" : list_text(at_once) + " applied");
    if (!at_restart.empty()) log::of("config").warn("applied at the next restart: {}", list_text(at_restart));
}

void OwnLog::turned_away(const TurnedAway& all) {
    const auto more = [&](std::uint64_t TurnedAway::*count, RateLimit& limit) {
        if (all.*count <= told_turned_away_.*count || !limit.pass(now())) return false;
        told_turned_away_.*count = all.*count;
        return true;
    };
    if (more(&TurnedAway::readers, readers_))
        log::of("stream").warn("{} turned away so far: there were max_clients of [stream] already",
                               counted(all.readers, "reader was", "readers were"));
    if (more(&TurnedAway::connections, connections_))
        log::of("http").warn("{} turned away so far: there were max_connections of [http] already",
                             counted(all.connections, "connection was", "connections were"));
    if (more(&TurnedAway::not_accepted, not_accepted_))
        log::of("http").warn(
            "clients had to wait, since they could not be accepted for want of descriptors or memory: raise "
            "the limit of open files (LimitNOFILE= of a service)");
}

void OwnLog::links_without_series(std::size_t count) {
    const bool first = count > 0 && told_without_series_ == 0;
    told_without_series_ = count;
    if (!first || !without_series_.pass(now())) return;
    log::of("http").warn(
        "more than {} links are selected for metrics; those beyond have no series: choose with [metrics]",
        scrape::AllLinkSeries::most);
}

}  // namespace nlwatch
