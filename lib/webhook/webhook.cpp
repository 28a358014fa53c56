#include "webhook/webhook.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "record/safe_text.hpp"

namespace nlwatch::webhook {

namespace asio = boost::asio;
using sink::Counters;
using sink::Delivered;
using sink::Delivery;
using sink::Tone;
using Clock = std::chrono::steady_clock;
using Verdict = sink::Delivery::Verdict;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

using Remembered = std::vector<std::weak_ptr<Transfers>>;

void remember(Remembered& remembered, const std::shared_ptr<Transfers>& transfers) {
    std::erase_if(remembered, [](const auto& it) { return it.expired(); });
    remembered.push_back(transfers);
}

void abort_all(const Remembered& remembered) {
    for (const auto& it : remembered)
        if (const auto transfers = it.lock()) transfers->abort();
}

Delivery::Limits limits_of(const Webhook::Settings& settings) {
    Delivery::Limits limits;
    limits.max_age = settings.max_age;
    return limits;
}

std::string_view content_type(bool cloud_events, bool many) {
    if (cloud_events)
        return many ? "application/cloudevents-batch+json; charset=utf-8"
                    : "application/cloudevents+json; charset=utf-8";
    return many ? "application/x-ndjson" : "application/json";
}

}  // namespace

sink::Answer answer_of(const Response& response) {
    using Kind = sink::Answer::Kind;
    sink::Answer answer;
    answer.kind = response.kind == Response::Kind::status    ? Kind::status
                  : response.kind == Response::Kind::timeout ? Kind::timeout
                                                             : Kind::network_error;
    answer.status = response.status;
    answer.retry_after = response.retry_after;
    return answer;
}

Webhook::Webhook(asio::any_io_executor executor, Settings settings)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      transfers_(std::make_shared<Transfers>(executor_)),
      delivery_(limits_of(settings_)),
      turned_(executor_, asio::steady_timer::time_point::max()) {}

void Webhook::set(Settings settings) {
    const bool elsewhere =
        settings.request.url != settings_.request.url || settings.request.proxy != settings_.request.proxy;
    settings_ = std::move(settings);
    remember(former_, transfers_);
    transfers_ = std::make_shared<Transfers>(executor_);
    receivers_ += elsewhere;
    if (elsewhere || delivery_.stopped()) {
        delivery_.start_again();
        last_error_.clear();
    }
    delivery_.set_max_age(settings_.max_age);
    turned_.cancel();
}

void Webhook::stop() {
    stopped_ = true;
    turned_.cancel();
    abort_all(testing_);
}

void Webhook::abort() {
    transfers_->abort();
    abort_all(former_);
    abort_all(testing_);  // one may have begun since stop()
}

void Webhook::frame(const backlog::Line& line, std::string& batch) {
    framed(line);
    if (sink::about_the_reader(line.type)) return;
    if (parcel_.events == 0) parcel_.oldest = line.entry ? line.entry->learnt : Clock::now();
    put(parcel_, batch, id_of(line), line.text, line.position.seq);
    if (line.entry) ++parcel_.records;
}

// The first that is put into a parcel settles its form.
void Webhook::put(Parcel& parcel, std::string& batch, std::string id, std::string_view text,
                  std::uint64_t seq) const {
    if (parcel.events == 0) {
        parcel.cloud_events = settings_.cloud_events;
        parcel.many = settings_.batch > 1;
        parcel.first = id;
    }
    if (parcel.cloud_events) {
        if (parcel.many) batch += parcel.events == 0 ? '[' : ',';
        record::append_cloud_event(batch, settings_.envelope, id, text, seq);
    } else {
        batch += text;
    }
    parcel.last = std::move(id);
    ++parcel.events;
}

bool Webhook::full(const std::string& batch) const {
    return parcel_.events >= settings_.batch || Sink::full(batch);
}

// The lines of a snapshot are all true as of one seq: they are told apart by their number in it.
std::string Webhook::id_of(const backlog::Line& line) {
    if (line.type == "snapshot.begin") row_ = 0;
    if (line.type == "gap" || line.entry) row_.reset();
    const std::string id = record::event_id(line.type, line.position, row_);
    if (row_) ++*row_;
    if (line.type == "snapshot.end") row_.reset();
    return id;
}

asio::awaitable<Delivered> Webhook::deliver(const std::string& batch) {
    delivery_.begin(parcel_.oldest);
    Delivered became = Delivered::nobody;
    while (!stopped_ && became == Delivered::nobody) {
        const Delivery::Step step = delivery_.next(Clock::now());
        switch (step.what) {
            case Delivery::Do::attempt:
                switch (co_await attempt(batch)) {
                    case Verdict::delivered:
                        counters_.delivered += parcel_.events;
                        became = Delivered::yes;
                        break;
                    case Verdict::rejected:
                        drop(Counters::Drop::rejected, parcel_.events);
                        became = Delivered::yes;
                        break;
                    case Verdict::expired:
                        became = Delivered::given_up;
                        break;
                    case Verdict::retry:
                    case Verdict::gone:
                        break;
                }
                break;
            case Delivery::Do::wait:
            case Delivery::Do::stopped:
                turned_.expires_at(step.what == Delivery::Do::wait ? step.until : state::Time::max());
                co_await turned_.async_wait(as_result);
                break;
            case Delivery::Do::expired:
                became = Delivered::given_up;
                break;
        }
    }
    if (became == Delivered::nobody) co_return became;
    if (became == Delivered::given_up) {
        // A gap, or what a snapshot says, is told again.
        drop(Counters::Drop::expired, parcel_.records);
        settings_.tell(Tone::loss,
                       std::to_string(parcel_.records) + " of its events became too old (max_age)");
    }
    parcel_ = {};
    dealt_with();
    co_return became;
}

asio::awaitable<Verdict> Webhook::attempt(const std::string& batch) {
    Request request = request_of(parcel_, batch);
    const std::uint64_t receiver = receivers_;
    const Response response = co_await post(std::move(request), transfers_);
    const sink::Answer answer = answer_of(response);
    const sink::Counters::Outcome outcome = sink::outcome_of(answer);
    attempted(outcome, response.duration);
    // What a receiver says that was left meanwhile is not held against the one that is to have the batch now.
    if (receiver != receivers_ && outcome != sink::Counters::Outcome::success) co_return Verdict::retry;
    const Verdict verdict = delivery_.answered(answer, Clock::now(), random());
    judge(response, verdict);
    co_return verdict;
}

// Not cancelled with whoever waits for it: the receiver may have acted on it already.
asio::awaitable<Response> Webhook::post(Request request, std::shared_ptr<Transfers> transfers) {
    struct Attempt {
        explicit Attempt(asio::any_io_executor executor)
            : done(std::move(executor), asio::steady_timer::time_point::max()) {}
        asio::steady_timer done;
        std::optional<Response> response;
    };
    const auto attempt = std::make_shared<Attempt>(executor_);
    asio::co_spawn(executor_, transfers->post(std::move(request)),
                   [attempt, transfers](std::exception_ptr bug, Response response) {
                       if (bug) std::rethrow_exception(bug);
                       attempt->response = std::move(response);
                       attempt->done.cancel();
                   });
    while (!attempt->response) co_await attempt->done.async_wait(as_result);
    co_return std::move(*attempt->response);
}

Request Webhook::request_of(const Parcel& parcel, std::string_view batch) const {
    Request request = settings_.request;
    request.body = batch;
    if (parcel.cloud_events && parcel.many) request.body += ']';
    const std::string id = parcel.id();
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    request.headers.push_back("Content-Type: " + std::string(content_type(parcel.cloud_events, parcel.many)));
    request.headers.push_back("webhook-id: " + id);
    request.headers.push_back("webhook-timestamp: " + std::to_string(now.count()));
    if (!settings_.secrets.empty())
        request.headers.push_back("webhook-signature: " +
                                  sign(settings_.secrets, id, now.count(), request.body));
    return request;
}

void Webhook::judge(const Response& response, Verdict verdict) {
    const auto told = [&] {
        if (response.kind != Response::Kind::status) return response.words;
        std::string text = settings_.shown_url + " answers " + std::to_string(response.status);
        if (!response.body.empty()) text += " (" + record::safe_excerpt(response.body) + ")";
        return text;
    };
    switch (verdict) {
        case Verdict::delivered:
            if (!last_error_.empty()) settings_.tell(Tone::well, settings_.shown_url + " takes events again");
            last_error_.clear();
            break;
        case Verdict::rejected:
            last_error_ = told();
            settings_.tell(Tone::loss, last_error_ + ": the event " + parcel_.id() +
                                           " is dropped, since trying it again would not help");
            break;
        case Verdict::expired:
        case Verdict::retry:
            last_error_ = told();
            settings_.tell(Tone::trouble, last_error_);
            break;
        case Verdict::gone:
            last_error_ = told() + ": nothing more is sent there until a reload";
            settings_.tell(Tone::loss, last_error_);
            break;
    }
}

sink::Standing Webhook::standing() const {
    sink::Standing standing;
    standing.up = last_error_.empty();
    standing.lag = parcel_.events;
    standing.position = position();
    if (parcel_.events > 0) standing.waiting = parcel_.oldest;
    standing.last_error = last_error_;
    if (parcel_.events > 0 && !delivery_.stopped()) standing.next_retry = delivery_.retry_at();
    return standing;
}

void Webhook::network_returned(state::Time now) {
    if (delivery_.network_returned(now, random())) turned_.cancel();
}

asio::awaitable<Response> Webhook::test(std::string id, std::string line, std::uint64_t seq) {
    Parcel parcel;
    std::string batch;
    put(parcel, batch, std::move(id), line, seq);
    Request request = request_of(parcel, batch);
    request.want_certificates = true;
    const auto transfers = std::make_shared<Transfers>(executor_);
    remember(testing_, transfers);
    co_return co_await post(std::move(request), transfers);
}

}  // namespace nlwatch::webhook
