#include "sink/print.hpp"

#include "record/text.hpp"

namespace nlwatch::sink {

PrintSink::PrintSink(int descriptor, Print print, bool coloured, std::string prefix)
    : output_(descriptor), print_(print), coloured_(coloured), prefix_(std::move(prefix)) {}

void PrintSink::frame(const backlog::Line& line, std::string& batch) {
    if (print_ == Print::json) {
        batch += line.text;
        return;
    }
    const std::string text = record::text_of(line.text, {.time = print_ == Print::text, .colour = coloured_});
    if (text.empty()) return;
    batch += prefix_;
    batch += text;
    batch += '\n';
}

boost::asio::awaitable<bool> PrintSink::deliver(const std::string& batch) { return output_.write(batch); }

}  // namespace nlwatch::sink
