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
    const auto route = http::route_of("GET", target->path, http::GroupSet::every_get(), {"/v1/reload"});
    const auto* none = std::get_if<http::NoRoute>(&route);
    require(!none || (none->refusal.status >= 400 && record::is_utf8(none->refusal.why)));
}

void check_request(std::string text) {
    http::RequestReader reader(1024, 512);
    const std::size_t size = text.size();
    const auto state = reader.take(text);
    require(text.size() <= size);
    if (state == http::RequestReader::State::refused) require(reader.refusal().status >= 400);
    if (state == http::RequestReader::State::done) check_target(reader.request().target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    check_target(text);
    check_request(std::string{text});
    http::accepts_sse(text);
    http::host_of(text);
    return 0;
}
