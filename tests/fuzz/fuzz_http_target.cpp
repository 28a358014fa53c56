// Any bytes as the target of a request and as its other words: each is read, or refused in words that can be
// told.
#include <cstdint>
#include <cstdlib>

#include "http/host.hpp"
#include "http/query.hpp"
#include "http/request.hpp"
#include "http/routes.hpp"
#include "http/target.hpp"
#include "record/utf8.hpp"

namespace {

using namespace nlwatch;

void require(bool holds) {
    if (!holds) std::abort();
}

template <class Value>
void require_words_if_refused(const std::variant<Value, std::string>& read) {
    const auto* why = std::get_if<std::string>(&read);
    require(!why || (!why->empty() && why->size() < 1000 && record::is_utf8(*why)));
}

void check_target(std::string_view text) {
    const auto read = http::parse_target(text);
    require_words_if_refused(read);
    const auto* target = std::get_if<http::Target>(&read);
    if (!target) return;
    require(target->path == "*" || target->path.starts_with('/'));
    require(target->path.find('\0') == std::string::npos && target->path.size() <= text.size() + 1);
    for (const http::Word& word : target->query)
        require((word.name + word.value).find('\0') == std::string::npos);
    require_words_if_refused(http::events_request(*target, {}));
    require_words_if_refused(http::events_request(*target, text));
    require_words_if_refused(http::state_request(*target));
    http::host_of(target->authority);
    http::GroupSet control = http::GroupSet::every_get();
    control.add(http::Group::control);
    for (const char* method : {"GET", "HEAD", "POST", "PUT"})
        for (const http::GroupSet served : {http::GroupSet{}, http::GroupSet::every_get(), control}) {
            const auto route = http::route_of(method, target->path, served, {"/v1/reload"});
            const auto* none = std::get_if<http::NoRoute>(&route);
            require(!none || (none->refusal.status >= 400 && record::is_utf8(none->refusal.why)));
        }
}

// As it arrives: in pieces of so many bytes.
void check_request(std::string_view rest, std::size_t piece) {
    using State = http::RequestReader::State;
    http::RequestReader reader(1024, 512);
    std::string input;
    State state = State::header;
    while (!rest.empty() && (state == State::header || state == State::body)) {
        input += rest.substr(0, piece);
        rest.remove_prefix(std::min(piece, rest.size()));
        const std::size_t size = input.size();
        state = reader.take(input);
        require(input.size() <= size);
    }
    if (state == State::refused)
        require(reader.refusal().status >= 400 && record::is_utf8(reader.refusal().why));
    if (state == State::done) check_target(reader.request().target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    check_target(text);
    check_request(text, text.size());
    check_request(text, 1 + text.size() / 3);
    check_request(text, 1);
    http::accepts_sse(text);
    http::host_of(text);
    return 0;
}
