#include "app/open_doors.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "failure.hpp"
#include "http/tcp_listener.hpp"

namespace nlwatch {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

// Under a service manager that passes sockets, what was not passed is its socket unit's to open.
std::string hint_at_unit(std::string_view door, std::string_view address = {}) {
    if (!started_as_a_unit()) return {};
    const std::string line = address.empty() ? "" : fmt::format(", with a line ListenStream={}", address);
    return fmt::format(" ({} passes this socket: is it started{}?)", socket_unit(door), line);
}

http::Acceptor generic_acceptor(const asio::any_io_executor& executor, int family, int descriptor) {
    return {executor, asio::generic::stream_protocol{family, 0}, descriptor};
}

class Opening {
public:
    Opening(asio::any_io_executor executor, const config::Config& config,
            std::function<doors::Folder()> folder, PassedSockets& passed)
        : executor_(std::move(executor)), config_(config), find_folder_(std::move(folder)), passed_(passed) {}

    stream_protocol::acceptor stream(OpenDoors& doors) {
        const auto& its = config_.stream;
        if (std::optional<PassedSocket> passed = passed_.take_unix("stream")) {
            doors.stream_path = passed->text();
            return {executor_, stream_protocol{}, passed->fd.release()};
        }
        sink::UnixListener made = make("stream", doors::stream, its.mode, its.group);
        doors.stream_path = made.file.path();
        doors.files.push_back(std::move(made.file));
        return std::move(made.acceptor);
    }

    void unix_http(OpenDoors& doors, const char* name, const char* file, http::GroupSet groups,
                   std::optional<unsigned> mode, std::optional<std::string> group, std::string& path) {
        bool any = false;
        while (std::optional<PassedSocket> passed = passed_.take_unix(name)) {
            if (!any) path = passed->text();
            any = true;
            doors.http.push_back({generic_acceptor(executor_, AF_UNIX, passed->fd.release()), groups});
        }
        if (any) return;
        sink::UnixListener made = make(name, file, mode, std::move(group));
        path = made.file.path();
        doors.http.push_back({generic_acceptor(executor_, AF_UNIX, made.acceptor.release()), groups});
        doors.files.push_back(std::move(made.file));
    }

    void ip_http(OpenDoors& doors, const config::Listen& listen) {
        const auto& [ip, port, loopback] = listen.address;
        if (std::optional<PassedSocket> passed = passed_.take_ip(ip, port)) {
            doors.addresses.push_back(passed->text());
            doors.http.push_back(
                {generic_acceptor(executor_, passed->family, passed->fd.release()), listen.routes});
            return;
        }
        try {
            http::Acceptor acceptor = http::listen_tcp(executor_, ip, port);
            doors.addresses.push_back(text_of(acceptor.local_endpoint()));
            doors.http.push_back({std::move(acceptor), listen.routes});
        } catch (const std::system_error& error) {
            throw Failure{exit_code::failure,
                          fmt::format("{}; is another nlwatch running? Choose another address with "
                                      "[[http.listen]], or none with [http] listen = []{}",
                                      error.what(), hint_at_unit("http", text_of(ip, port)))};
        }
    }

    void rest(OpenDoors& doors) {
        for (PassedSocket& socket : passed_.take_rest()) {
            if (socket.is_unix()) continue;  // a second stream socket: nobody has a use for it
            doors.addresses.push_back(socket.text());
            doors.unlisted.push_back(socket.text());
            doors.http.push_back({generic_acceptor(executor_, socket.family, socket.fd.release()),
                                  {http::Group::metrics, http::Group::health}});
        }
    }

private:
    static std::string text_of(const asio::generic::stream_protocol::endpoint& endpoint) {
        asio::ip::tcp::endpoint ip;
        ip.resize(endpoint.size());
        std::memcpy(ip.data(), endpoint.data(), endpoint.size());
        return text_of(ip.address().to_string(), ip.port());
    }
    static std::string text_of(const std::string& ip, unsigned port) {
        return ip.find(':') == ip.npos ? fmt::format("{}:{}", ip, port) : fmt::format("[{}]:{}", ip, port);
    }

    sink::UnixListener make(const char* name, const char* file, std::optional<unsigned> mode,
                            std::optional<std::string> group) {
        try {
            if (!folder_) folder_ = find_folder_();
            return sink::listen_unix(executor_,
                                     {.path = folder_->path + "/" + file,
                                      .mode = mode.value_or(config::default_mode(folder_->shared)),
                                      .group = group.value_or(config::default_group(folder_->shared))});
        } catch (const Failure& failure) {
            throw Failure{failure.exit_code, failure.what() + hint_at_unit(name)};
        } catch (const std::runtime_error& error) {
            throw Failure{exit_code::failure, error.what() + hint_at_unit(name)};
        }
    }

    asio::any_io_executor executor_;
    const config::Config& config_;
    std::function<doors::Folder()> find_folder_;
    std::optional<doors::Folder> folder_;
    PassedSockets& passed_;
};

}  // namespace

OpenDoors open_doors(asio::any_io_executor executor, const config::Config& config,
                     std::function<doors::Folder()> folder, PassedSockets passed) {
    Opening opening{executor, config, std::move(folder), passed};
    OpenDoors doors{.stream = stream_protocol::acceptor{executor},
                    .http = {},
                    .files = {},
                    .stream_path = {},
                    .http_path = {},
                    .addresses = {},
                    .unlisted = {}};
    doors.stream = opening.stream(doors);
    opening.unix_http(doors, "http", doors::http, http::GroupSet::every_get(), config.http.mode,
                      config.http.group, doors.http_path);
    std::string control_path;
    opening.unix_http(doors, "control", doors::control, {http::Group::control}, 0600, "", control_path);
    for (const config::Listen& listen : config.http.listen) opening.ip_http(doors, listen);
    opening.rest(doors);
    return doors;
}

}  // namespace nlwatch
