#include "record/utc.hpp"

#include <ctime>

namespace nlwatch::record {

// A second's text is kept: records come in bursts.
void append_utc(std::string& out, std::chrono::system_clock::time_point time) {
    static thread_local std::time_t second = -1;
    static thread_local char text[24];
    using namespace std::chrono;
    const auto whole = floor<seconds>(time);
    const std::time_t now = system_clock::to_time_t(whole);
    if (now != second) {
        std::tm utc{};
        ::gmtime_r(&now, &utc);
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
        second = now;
    }
    out += text;
    auto micros = duration_cast<microseconds>(time - whole).count();
    char fraction[] = ".000000Z";
    for (int digit = 6; digit >= 1; --digit, micros /= 10)
        fraction[digit] = static_cast<char>('0' + micros % 10);
    out += fraction;
}

std::string utc_text(std::chrono::system_clock::time_point time) {
    std::string text;
    append_utc(text, time);
    return text;
}

}  // namespace nlwatch::record
