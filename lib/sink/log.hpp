// The log sink: what happens on the network, one line a record, for a log that people or programs read.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sink/counters.hpp"
#include "sink/output.hpp"
#include "sink/sink.hpp"

namespace nlwatch::sink {

// Best effort: while its output takes nothing it falls behind, and is told by a gap, which it logs, what the
// backlog could not hold for it: as dropped count the records of that gap, those among them that the filter
// would have hidden, too. Lines that cannot be written (a full disk) are lost, and count as rejected.
class LogSink final : public Sink {
public:
    struct Style {
        bool json = false;    // the record as it is in the stream, instead of a line of text
        bool colour = false;  // of text
        // Appends one line of the log, '\n' included, with the time or the priority that this log's lines
        // carry.
        std::function<void(std::string_view text, std::string& batch)> line;
    };
    // Others may write to the same output. `failed` is told of each batch that could not be written.
    LogSink(std::shared_ptr<Output>, Style, std::function<void(int error)> failed);

    void frame(const backlog::Line&, std::string& batch) override;
    boost::asio::awaitable<bool> deliver(const std::string& batch) override;
    void stop() override;  // the output, which may be shared, is not stopped

    const Counters& counters() const { return counters_; }
    // Its `lag` is left to the owner of the feed. What waits is as old as the batch that is being written.
    Standing standing() const;
    Output& output() { return *output_; }

private:
    std::shared_ptr<Output> output_;
    Style style_;
    std::function<void(int)> failed_;
    Counters counters_;
    std::uint64_t lines_ = 0;                   // in the batch
    std::uint64_t seen_ = 0;                    // the seq of the line before
    bool well_ = true;                          // the last batch could be written
    std::optional<state::Time> writing_since_;  // a batch is under way
    bool stopped_ = false;
};

}  // namespace nlwatch::sink
