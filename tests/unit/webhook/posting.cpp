#include "posting.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <utility>

namespace nlwatch::test {

std::shared_ptr<Outcome> Posting::begin(webhook::Request request) {
    auto outcome = std::make_shared<Outcome>();
    const auto ended = [outcome](std::exception_ptr thrown, webhook::Response response) {
        outcome->thrown = thrown;
        if (!thrown) outcome->response = std::move(response);
    };
    boost::asio::co_spawn(reactor, transfers->post(std::move(request)),
                          boost::asio::bind_cancellation_slot(outcome->cancel.slot(), ended));
    return outcome;
}

webhook::Response Posting::post(webhook::Request request) {
    const auto outcome = begin(std::move(request));
    EXPECT_TRUE(until([&] { return outcome->there(); })) << "no end to it";
    if (outcome->thrown) std::rethrow_exception(outcome->thrown);
    EXPECT_EQ(outcome->response->words.find("s3cret"), std::string::npos) << outcome->response->words;
    return *outcome->response;
}

webhook::Request to(const std::string& url) {
    webhook::Request request;
    request.url = url;
    request.headers = {"Content-Type: application/json"};
    request.body = R"({"a":1})";
    request.connect_timeout = request.timeout =
        std::chrono::minutes(1);  // longer than any machine stands still
    request.user = "s3cret-user";
    request.password = "s3cret-password";
    return request;
}

}  // namespace nlwatch::test
