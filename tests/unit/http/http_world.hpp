// A server over a network that the test makes up, on a Unix socket and on TCP; clients and server take turns
// in one thread.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "http/server.hpp"
#include "raw_client.hpp"
#include "sink/unix_listener.hpp"
#include "sink/wake_up.hpp"
#include "unit/backlog/fold.hpp"
#include "unit/backlog/world.hpp"
#include "unit/sink/reactor.hpp"
#include "unit/sink/temporary_folder.hpp"

namespace nlwatch::test {

struct HttpWorld : testing::Test, Reactor {
    explicit HttpWorld(std::size_t ring_bytes = 1 << 20, record::Scope published = {}, bool begun = true);
    ~HttpWorld() override;

    http::Sources sources();
    // Every GET route on `path`; metrics and health on TCP port `port`; control on `control_path`.
    void serve();

    void churn(int count);

    // The answer to what was sent; fails the test and returns an empty one if it never comes whole.
    Reply answer(RawClient&, bool to_head = false);
    Reply get(const std::string& target, const std::string& more = "");  // over the Unix socket
    bool ends(RawClient&);                                               // the server closes the connection
    // Until it has received `text`, not too long ago. A line is never parted by a chunk's border.
    bool hears(RawClient&, std::string_view text);

    World world;
    sink::WakeUp wake_up{reactor.get_executor()};
    TemporaryFolder folder;
    std::string path = folder.path() + "/http.sock", control_path = folder.path() + "/control.sock";
    std::uint16_t port = 0;
    http::Limits limits;
    std::optional<std::string> unready;
    std::string metrics = "# TYPE x counter\nx 1\n";
    bool metrics_held = false;  // the collector does not answer yet
    int reloads = 0;
    std::shared_ptr<http::Server> server;

private:
    std::optional<sink::SocketFile> file_, control_file_;
};

// "GET TARGET HTTP/1.1", a Host, and `more` fields, each with its line's end.
std::string request(const std::string& target, const std::string& more = "",
                    const std::string& method = "GET");

std::vector<std::string> lines_in(std::string_view text);
// The lines of a view, as the fold of the feed's tests takes them.
std::vector<Line> view_lines(std::string_view ndjson);

}  // namespace nlwatch::test
