#include "webhook/transfers.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include "webhook/transfer.hpp"

namespace nlwatch::webhook {

namespace asio = boost::asio;

namespace {

using Descriptor = asio::posix::stream_descriptor;

// What curl wants to know of one of its sockets, for as long as it does.
struct Watch {
    explicit Watch(const asio::any_io_executor& executor) : descriptor(executor) {}
    ~Watch() { release(); }
    // The socket stays open: it is curl's. Waits that are under way are cancelled.
    void release() {
        if (descriptor.is_open()) descriptor.release();
    }

    Descriptor descriptor;
    int wanted = CURL_POLL_NONE, waiting = CURL_POLL_NONE;
};

// The connection that libcurl keeps for the next request, by a descriptor of our own: its socket may be
// closed at any time.
class Kept {
public:
    Kept() = default;
    ~Kept() { forget(); }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;

    void see(CURL* done) {
        forget();
        curl_socket_t socket = CURL_SOCKET_BAD;
        curl_easy_getinfo(done, CURLINFO_ACTIVESOCKET, &socket);
        if (socket != CURL_SOCKET_BAD) descriptor_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    }
    void forget() {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = -1;
    }
    // There is something to read, or it has ended, though nothing was asked.
    bool has_spoken() const {
        char byte{};
        return descriptor_ >= 0 &&
               (::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN);
    }

private:
    int descriptor_ = -1;
};

// What is wanted, what is waited for and what came are told in the same two bits.
static_assert(CURL_POLL_IN == CURL_CSELECT_IN && CURL_POLL_OUT == CURL_CSELECT_OUT);

void begin_with_curl() {
    static const CURLcode begun = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (begun != CURLE_OK) throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(begun));
    const curl_version_info_data* has = curl_version_info(CURLVERSION_NOW);
    if (!(has->features & CURL_VERSION_ASYNCHDNS))
        throw std::runtime_error(
            "libcurl here resolves names while everything waits: another build is needed");
}

}  // namespace

// libcurl's multi handle (libcurl-multi(3), "MULTI_SOCKET"). It calls on_socket and on_timer from within any
// call to it, and must not be called from there: they only note what is wanted, and the reactor calls back in
// a later turn.
class Transfers::Multi : public std::enable_shared_from_this<Multi> {
public:
    explicit Multi(asio::any_io_executor);
    ~Multi();

    static asio::awaitable<Response> post(std::shared_ptr<Multi>, Request);
    void abort();
    // Else libcurl (7.88) takes for the next answer what a receiver said before it was asked, such as a
    // balancer's "408 Request Timeout" (RFC 9110, 15.5.9).
    bool is_fit() const { return !under_way_.empty() || !kept_.has_spoken(); }

private:
    struct UnderWay {
        UnderWay(Multi& its_multi, const Request& request)
            : multi(its_multi),
              transfer(request),
              ended(multi.timer_.get_executor(), asio::steady_timer::time_point::max()) {}
        ~UnderWay() { multi.remove(*this); }

        Multi& multi;
        Transfer transfer;
        asio::steady_timer ended;  // cancelled when the response is there
        std::optional<Response> response;
    };

    static int on_socket(CURL*, curl_socket_t, int what, void* self, void*) noexcept;
    static int on_timer(CURLM*, long milliseconds, void* self) noexcept;
    void watch(int socket, int wanted);
    void wait_for_wanted(const std::shared_ptr<Watch>&);
    void wait(const std::shared_ptr<Watch>&, Descriptor::wait_type, int event);
    void act(curl_socket_t, int events);
    void add(UnderWay&);
    void end(UnderWay&, Response);
    void remove(UnderWay&);

    CURLM* multi_;
    asio::steady_timer timer_;
    std::map<int, std::shared_ptr<Watch>> watches_;  // shared with the handlers, which may come late
    std::unordered_set<UnderWay*> under_way_;        // in their coroutines' frames, which keep this alive
    Kept kept_;                                      // by the transfer that ended last
};

Transfers::Multi::Multi(asio::any_io_executor executor)
    : multi_(curl_multi_init()), timer_(std::move(executor)) {
    if (!multi_) throw std::bad_alloc();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

Transfers::Multi::~Multi() { curl_multi_cleanup(multi_); }

int Transfers::Multi::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
    auto& multi = *static_cast<Multi*>(self);
    if (what != CURL_POLL_REMOVE) {
        multi.watch(socket, what);
    } else if (const auto it = multi.watches_.find(socket); it != multi.watches_.end()) {
        it->second
            ->release();  // now: the socket may be closed, and its number another's, before any handler runs
        multi.watches_.erase(it);
    }
    return 0;
}

int Transfers::Multi::on_timer(CURLM*, long milliseconds, void* self) noexcept {
    auto& multi = *static_cast<Multi*>(self);
    if (milliseconds < 0) {
        multi.timer_.cancel();
        return 0;
    }
    multi.timer_.expires_after(std::chrono::milliseconds(milliseconds));
    multi.timer_.async_wait([weak = multi.weak_from_this()](boost::system::error_code cancelled) {
        const auto alive = weak.lock();
        if (!cancelled && alive) alive->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
}

void Transfers::Multi::watch(int socket, int wanted) {
    std::shared_ptr<Watch>& watch = watches_[socket];
    if (!watch) {
        watch = std::make_shared<Watch>(timer_.get_executor());
        // Where the kernel watches no more descriptors (epoll_ctl(2), ENOSPC), the transfer's own timeout
        // ends it.
        boost::system::error_code ignored;
        watch->descriptor.assign(socket, ignored);
    }
    watch->wanted = wanted;
    wait_for_wanted(watch);
}

void Transfers::Multi::wait_for_wanted(const std::shared_ptr<Watch>& watch) {
    if (watch->wanted & CURL_POLL_IN) wait(watch, Descriptor::wait_read, CURL_POLL_IN);
    if (watch->wanted & CURL_POLL_OUT) wait(watch, Descriptor::wait_write, CURL_POLL_OUT);
}

void Transfers::Multi::wait(const std::shared_ptr<Watch>& watch, Descriptor::wait_type type, int event) {
    if (watch->waiting & event) return;
    watch->waiting |= event;
    watch->descriptor.async_wait(type,
                                 [weak = weak_from_this(), watch, event](boost::system::error_code error) {
                                     watch->waiting &= ~event;
                                     const auto alive = weak.lock();
                                     if (error || !alive || !watch->descriptor.is_open()) return;
                                     if (watch->wanted & event)
                                         alive->act(watch->descriptor.native_handle(), event);
                                     if (watch->descriptor.is_open()) alive->wait_for_wanted(watch);
                                 });
}

void Transfers::Multi::act(curl_socket_t socket, int events) {
    int ignored = 0;
    curl_multi_socket_action(multi_, socket, events, &ignored);
    while (const CURLMsg* message = curl_multi_info_read(multi_, &ignored)) {
        if (message->msg != CURLMSG_DONE) continue;
        UnderWay* it = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &it);
        kept_.see(message->easy_handle);
        end(*it, it->transfer.response(message->data.result));
    }
}

void Transfers::Multi::add(UnderWay& it) {
    kept_.forget();
    curl_easy_setopt(it.transfer.handle(), CURLOPT_PRIVATE, &it);
    under_way_.insert(&it);
    const CURLMcode code = curl_multi_add_handle(multi_, it.transfer.handle());
    if (code != CURLM_OK) throw std::runtime_error(std::string("libcurl: ") + curl_multi_strerror(code));
}

void Transfers::Multi::end(UnderWay& it, Response response) {
    remove(it);
    it.response = std::move(response);
    it.ended.cancel();
}

void Transfers::Multi::remove(UnderWay& it) {
    if (under_way_.erase(&it) > 0) curl_multi_remove_handle(multi_, it.transfer.handle());
}

asio::awaitable<Response> Transfers::Multi::post(std::shared_ptr<Multi> self, Request request) {
    const auto begun = std::chrono::steady_clock::now();
    if (std::optional<std::string> fault = fault_of(request)) {
        Response refused;
        refused.words = *std::move(fault);
        co_return refused;
    }
    UnderWay it(*self, request);
    self->add(it);
    co_await it.ended.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!it.response) throw boost::system::system_error(asio::error::operation_aborted);
    it.response->duration = std::chrono::steady_clock::now() - begun;
    co_return *std::move(it.response);
}

void Transfers::Multi::abort() {
    while (!under_way_.empty()) {
        Response aborted;
        aborted.words = "called off";
        end(**under_way_.begin(), std::move(aborted));
    }
}

Transfers::Transfers(asio::any_io_executor executor) : executor_(std::move(executor)) {
    begin_with_curl();
    multi_ = std::make_shared<Multi>(executor_);
}

Transfers::~Transfers() = default;

asio::awaitable<Response> Transfers::post(Request request) {
    if (!multi_->is_fit()) multi_ = std::make_shared<Multi>(executor_);
    return Multi::post(multi_, std::move(request));
}

void Transfers::abort() { multi_->abort(); }

}  // namespace nlwatch::webhook
