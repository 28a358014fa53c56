#include "sink/print.hpp"

#include "record/text.hpp"

namespace nlwatch::sink {

PrintSink::PrintSink(int descriptor, Print print, bool coloured)
    : output_(descriptor), print_(print), coloured_(coloured) {}

void PrintSink::frame(const backlog::Line& line, std::string& batch) {
    if (print_ == Print::json) {
        batch += line.text;
        return;
    }
    const std::string text = record::text_of(line.text, {.time = true, .colour = coloured_});
    if (text.empty()) return;
    batch += text;
    batch += '\n';
}

boost::asio::awaitable<Delivered> PrintSink::deliver(const std::string& batch) {
    const bool written = co_await output_.write(batch);
    co_return written ? Delivered::yes : Delivered::nobody;
}

}  // namespace nlwatch::sink
