// The log sink: what happens on the network, one line a record, for a log that people or programs read.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sink/destination.hpp"
#include "sink/output.hpp"

namespace nlwatch::sink {

// Best effort: while its output takes nothing it falls behind, and is told by a gap, which it logs, what the
// backlog could not hold for it. Lines that cannot be written (a full disk) are lost, and count as rejected.
class LogSink final : public Destination {
public:
    struct Settings {
        std::shared_ptr<Output> output;  // others may write to the same
        bool alone = false;   // nobody else does: it is stopped with the sink, and when it is changed
        bool json = false;    // the record as it is in the stream, instead of a line of text
        bool colour = false;  // of text
        // Appends one line of the log, '\n' included, with the time or the priority that this log's lines
        // carry.
        std::function<void(std::string_view text, std::string& batch)> line;
        Tell tell;
        // Why the file could not be opened anew; the one that is open goes on. Called on a worker.
        std::function<void(const std::string& why)> not_opened;
    };
    explicit LogSink(Settings settings) : settings_(std::move(settings)) {}
    void set(Settings);

    void frame(const backlog::Line&, std::string& batch) override;
    bool full(const std::string& batch) const override { return batch.size() >= worker_batch_bytes; }
    boost::asio::awaitable<Delivered> deliver(const std::string& batch) override;
    void stop() override;

    // What waits is as old as the batch that is being written.
    Standing standing() const override;
    void reopen() override;

private:
    void leave_output();

    Settings settings_;
    std::uint64_t lines_ = 0;                   // in the batch
    int error_ = 0;                             // of the last batch
    std::optional<state::Time> writing_since_;  // a batch is under way
    bool stopped_ = false;
};

}  // namespace nlwatch::sink
