// A sink that prints: NDJSON as it is in the stream, or one line of text a record.
#pragma once
#include <cstdint>
#include <string>

#include "sink/output.hpp"
#include "sink/sink.hpp"

namespace nlwatch::sink {

enum class Print : std::uint8_t {
    json,  // every line of the stream, unchanged
    text,  // for people who watch: time in front, objects and changes, and what the stream says of itself
};

class PrintSink final : public Sink {
public:
    PrintSink(int descriptor, Print, bool coloured);

    void frame(const backlog::Line&, std::string& batch) override;
    bool full(const std::string& batch) const override { return batch.size() >= worker_batch_bytes; }
    boost::asio::awaitable<Delivered> deliver(const std::string& batch) override;
    void stop() override { output_.stop(); }

    // As Output has it: why nothing more could be printed, or 0.
    int last_error() const { return output_.last_error(); }

private:
    Output output_;
    Print print_;
    bool coloured_;
};

}  // namespace nlwatch::sink
