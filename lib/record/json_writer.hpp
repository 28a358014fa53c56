// Writes JSON straight into a string: no tree, no allocation of its own, no way to fail.
#pragma once
#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace nlwatch::record {

// Places commas by itself. The caller opens and closes what it must; keys are plain ASCII, and are not
// escaped.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    void key(std::string_view name, std::string_view suffix = {}) {
        comma();
        out_ += '"';
        out_ += name;
        out_ += suffix;
        out_ += "\":";
        first_ = true;  // its value needs no comma
    }
    void open(char bracket) {
        comma();
        out_ += bracket;
        first_ = true;
    }
    void close(char bracket) {
        out_ += bracket;
        first_ = false;
    }

    template <std::integral T>
    void number(T value) {
        comma();
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        out_.append(digits, end);
    }
    void boolean(bool value) {
        comma();
        out_ += value ? "true" : "false";
    }
    // Plain ASCII that needs no escape, such as a word or an address.
    void word(std::string_view text) {
        comma();
        out_ += '"';
        out_ += text;
        out_ += '"';
    }
    // Any bytes. What is not UTF-8 becomes U+FFFD, one for each bad byte.
    void text(std::string_view text);
    void hex(std::string_view bytes);  // two digits a byte

    std::string& out() { return out_; }

private:
    void comma() {
        if (!first_) out_ += ',';
        first_ = false;
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace nlwatch::record
