// The webhook sink: each event, or batch of events, is a request; one at a time, until it is delivered.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "record/cloud_event.hpp"
#include "sink/delivery.hpp"
#include "sink/destination.hpp"
#include "webhook/signature.hpp"
#include "webhook/transfers.hpp"

namespace nlwatch::webhook {

sink::Answer answer_of(const Response&);

// At least once, in order. A batch that was attempted once stays as it is, with its id, whatever the settings
// become meanwhile; where it goes to, and how it is signed, is by the settings of each attempt.
class Webhook final : public sink::Destination {
public:
    struct Settings {
        Request request;              // where to, and how; an attempt adds its body and headers of its own
        std::string shown_url;        // of it, what may be shown
        std::vector<Secret> secrets;  // none: not signed
        bool cloud_events = true;     // else the records as they are
        record::Envelope envelope;
        std::size_t batch = 1;  // events in a request, at most
        std::chrono::milliseconds max_age = sink::Delivery::Limits{}.max_age;
        sink::Tell tell;
    };
    Webhook(boost::asio::any_io_executor, Settings);
    void set(Settings);  // an end by 410 Gone is over, too

    void frame(const backlog::Line&, std::string& batch) override;
    bool full(const std::string& batch) const override;
    boost::asio::awaitable<sink::Delivered> deliver(const std::string& batch) override;
    // A request in flight is let end, by itself or by abort(); a test is not waited for.
    void stop() override;
    void abort() override;

    sink::Standing standing() const override;
    const std::string& shown_url() const { return settings_.shown_url; }
    void network_returned(state::Time) override;

    // One signed event, out of order and counted nowhere; the answer comes with the receiver's certificates.
    // `line`: a record.
    boost::asio::awaitable<Response> test(std::string id, std::string line, std::uint64_t seq);

private:
    struct Parcel {  // what is known of the batch beside its text
        bool cloud_events = true, many = false;
        std::string first, last;                // ids
        std::uint64_t events = 0, records = 0;  // lines; those of them that are numbered records
        state::Time oldest;
        std::string id() const { return first == last ? first : first + "_" + last; }
    };

    std::string id_of(const backlog::Line&);
    void put(Parcel&, std::string& batch, std::string id, std::string_view text, std::uint64_t seq) const;
    Request request_of(const Parcel&, std::string_view batch) const;
    boost::asio::awaitable<Response> post(Request, std::shared_ptr<Transfers>);
    boost::asio::awaitable<sink::Delivery::Verdict> attempt(const std::string& batch);
    void judge(const Response&, sink::Delivery::Verdict);
    double random() { return std::uniform_real_distribution{}(random_); }

    boost::asio::any_io_executor executor_;
    Settings settings_;
    // Of these settings: connections that are kept hold on to the keys and authorities that they began with.
    std::shared_ptr<Transfers> transfers_;
    // Of former settings, while requests of theirs are in flight; and of test().
    std::vector<std::weak_ptr<Transfers>> former_, testing_;
    std::uint64_t receivers_ = 0;  // how often it was sent elsewhere
    sink::Delivery delivery_;
    boost::asio::steady_timer turned_;  // cancelled when there is something else to do than to wait
    std::mt19937_64 random_{std::random_device{}()};
    Parcel parcel_;
    std::optional<std::uint64_t> row_;  // of the snapshot that is being told
    std::string last_error_;            // of this outage
    bool stopped_ = false;
};

}  // namespace nlwatch::webhook
