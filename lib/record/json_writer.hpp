// Writes JSON straight into a string: no tree, no allocation of its own, no way to fail.
#pragma once
#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace nlwatch::record {

// Places commas by itself. The caller opens and closes what it must; keys are plain ASCII of at most 256
// bytes. What is written collects in a small piece of its own, since many short appends are what a record's
// cost would be made of: flush() before anyone else touches the string, as the destructor does.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : out_(out) {}
    ~JsonWriter() { flush(); }
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    void key(std::string_view name, std::string_view suffix = {}) {
        need(name.size() + suffix.size() + 4);
        comma();
        put('"');
        put(name);
        put(suffix);
        put('"');
        put(':');
        first_ = true;  // its value needs no comma
    }
    void open(char bracket) {
        need(2);
        comma();
        put(bracket);
        first_ = true;
    }
    void close(char bracket) {
        need(1);
        put(bracket);
        first_ = false;
    }

    template <std::integral T>
    void number(T value) {
        need(24);
        comma();
        at_ = std::to_chars(at_, end(), value).ptr;
    }
    void boolean(bool value) {
        need(6);
        comma();
        put(value ? std::string_view{"true"} : std::string_view{"false"});
    }
    // Plain ASCII that needs no escape, such as a word or an address. At most 256 bytes.
    void word(std::string_view text) {
        need(text.size() + 3);
        comma();
        put('"');
        put(text);
        put('"');
    }
    // Any bytes. What is not UTF-8 becomes U+FFFD, one for each bad byte.
    void text(std::string_view text);
    void hex(std::string_view bytes);  // two digits a byte

    // How long the string is with all that was written.
    std::size_t position() const { return out_.size() + static_cast<std::size_t>(at_ - piece_); }
    void flush() {
        out_.append(piece_, at_);
        at_ = piece_;
    }

private:
    void need(std::size_t bytes) {
        if (static_cast<std::size_t>(end() - at_) < bytes) flush();
    }
    void put(char byte) { *at_++ = byte; }
    void put(std::string_view text) {
        at_ += text.copy(at_, text.size());  // not memcpy(): an empty text may have no address
    }
    void comma() {
        if (!first_) put(',');
        first_ = false;
    }
    char* end() { return piece_ + sizeof piece_; }

    std::string& out_;
    bool first_ = true;
    char piece_[512];
    char* at_ = piece_;
};

}  // namespace nlwatch::record
