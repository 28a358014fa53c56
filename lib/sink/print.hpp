// A sink that prints: NDJSON as it is in the stream, or one line of text a record.
#pragma once
#include <string>

#include "sink/output.hpp"
#include "sink/sink.hpp"

namespace nlwatch::sink {

enum class Print : std::uint8_t {
    json,  // every line of the stream, unchanged
    text,  // for people who watch: time in front, objects and changes, and what the stream says of itself
    log,   // for a log that stamps its lines itself: the same without a time
};

class PrintSink final : public Sink {
public:
    // `prefix` stands in front of each line of text, such as "<6>" for the journal.
    PrintSink(int descriptor, Print, bool coloured, std::string prefix = {});

    void frame(const backlog::Line&, std::string& batch) override;
    boost::asio::awaitable<bool> deliver(const std::string& batch) override;
    void stop() { output_.stop(); }  // delivers no more

private:
    Output output_;
    Print print_;
    bool coloured_;
    std::string prefix_;
};

}  // namespace nlwatch::sink
