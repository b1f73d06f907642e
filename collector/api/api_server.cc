#include "collector/api/api_server.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "collector/api/connection.h"
#include "collector/api/service.h"
#include "collector/api/weekly_report.h"
#include "collector/content/catalogue.h"
#include "collector/search/fleet_search.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

evidence::Seconds system_time() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

ApiOptions with_clock(ApiOptions options) {
  if (!options.now) options.now = system_time;
  return options;
}

Status set_up(asio::ssl::context& tls, const ApiOptions& options) {
  boost::system::error_code error;
  // TLS 1.3 alone, as on the agents' port: its suites are all good, and nothing is renegotiated.
  if (SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_3_VERSION) != 1)
    return refuse(Code::kInternal, {"TLS cannot be set up", "無法建立 TLS"});
  const std::string chain = options.certificate_pem + options.ca_pem;
  (void)tls.use_certificate_chain(asio::buffer(chain), error);
  if (error)
    return refuse(Code::kConfiguration, {"the server's certificate: {}", "伺服器的憑證：{}"},
                  error.message());
  (void)tls.use_private_key(asio::buffer(options.private_key_pem), asio::ssl::context::pem, error);
  if (error)
    return refuse(Code::kConfiguration, {"the server's key: {}", "伺服器的金鑰：{}"},
                  error.message());
  return {};
}

Status listen(tcp::acceptor& acceptor, const ApiOptions& options) {
  const std::string where = options.address + ":" + std::to_string(options.port);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return refuse(Code::kConfiguration, {"{}: not an address", "{}：不是位址"}, where);
  const tcp::endpoint endpoint(address, options.port);
  (void)acceptor.open(endpoint.protocol(), error);
  if (!error) (void)acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) (void)acceptor.bind(endpoint, error);
  if (!error) (void)acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return fail(system_error(error.value(), phrase({"listening on {}", "在 {} 接受連線"}, where)));
  return {};
}

}  // namespace

class ApiServer::Impl {
 public:
  Impl(ApiOptions options, Store& store, std::shared_ptr<const checks::Content> content)
      : options_(with_clock(std::move(options))),
        search_(std::make_shared<FleetSearch>(store)),
        resources_(resources_over(store, std::move(content))),
        gatekeeper_([this] { return resources(); }, store, options_.now),
        workers_(std::max<std::size_t>(options_.workers, 1)) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status start() {
    if (auto ready = set_up(tls_, options_); !ready) return ready;
    if (auto ready = listen(acceptor_, options_); !ready) return ready;
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(network_, accept(), asio::detached);
    thread_ = std::thread([this] { network_.run(); });
    reader_ = std::jthread([this](const std::stop_token& stop) { read_ahead(stop); });
    return {};
  }

  void stop() {
    reader_.request_stop();
    network_.stop();
    if (thread_.joinable()) thread_.join();
    // Work that was begun may still refer to its connection, which lives in network_.
    workers_.join();
    if (reader_.joinable()) reader_.join();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  [[nodiscard]] Result<std::string> weekly_report(const Week& week) const {
    const auto over = resources();  // held until it is made
    return api::weekly_report(over->service, week);
  }

  void set_content(std::shared_ptr<const checks::Content> content) {
    const std::lock_guard one(changing_);
    renew(std::move(content));
  }

  void set_terms(std::chrono::seconds stale_after, checks::Organisation organisation) {
    const std::lock_guard one(changing_);
    options_.stale_after = stale_after;
    options_.organisation = std::move(organisation);
    renew(resources()->service.content);
  }

 private:
  // Which tables the hosts have is read after the start, and now and then what is new, so that the
  // first question to the fleet does not wait for it.
  void read_ahead(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any woken;
    for (std::unique_lock lock(mutex); !stop.stop_requested();) {
      if (auto done = search_->read_ahead(stop); !done)
        spdlog::warn("search: reading ahead: {}", done.error().message());
      (void)woken.wait_for(lock, stop, options_.read_ahead, [] { return false; });
    }
  }
  asio::awaitable<void> accept();
  [[nodiscard]] std::shared_ptr<const api::Resources> resources() const {
    const std::lock_guard lock(mutex_);
    return resources_;
  }
  void renew(std::shared_ptr<const checks::Content> content) {
    auto next = resources_over(resources()->service.store, std::move(content));
    const std::lock_guard lock(mutex_);
    resources_.swap(next);
  }
  std::shared_ptr<const api::Resources> resources_over(
      Store& store, std::shared_ptr<const checks::Content> content) {
    return std::make_shared<const api::Resources>(
        api::Service{store, std::move(content), options_.ca_pem, options_.now, options_.scan_now,
                     options_.register_changed, options_.approvals_changed, options_.stale_after,
                     options_.content_state, search_, options_.figures, options_.ledger_key,
                     options_.organisation, past_});
  }

  ApiOptions options_;
  const std::shared_ptr<FleetSearch> search_;
  const std::shared_ptr<PastContent> past_ = std::make_shared<PastContent>();
  std::mutex changing_;       // one change at a time
  mutable std::mutex mutex_;  // of resources_, not of what it points to
  std::shared_ptr<const api::Resources> resources_;
  api::Gatekeeper gatekeeper_;
  std::jthread reader_;
  std::uint16_t port_ = 0;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  asio::thread_pool workers_;
  api::Connections connections_{tls_, workers_, gatekeeper_, options_};
  asio::io_context network_{1};
  tcp::acceptor acceptor_{network_};
  std::thread thread_;
};

asio::awaitable<void> ApiServer::Impl::accept() {
  for (;;) {
    boost::system::error_code error;
    tcp::socket socket(network_);
    co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // out of file descriptors: wait, others will end
      asio::steady_timer timer(network_, std::chrono::milliseconds(100));
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    if (connections_.open >= kMaxConnections) continue;  // closed; the caller may try again
    asio::co_spawn(network_, api::serve(std::move(socket), connections_), asio::detached);
  }
}

Result<std::unique_ptr<ApiServer>> ApiServer::start(
    ApiOptions options, Store& store, std::shared_ptr<const checks::Content> content) {
  try {
    auto impl = std::make_unique<Impl>(std::move(options), store, std::move(content));
    if (auto started = impl->start(); !started) return fail(started.error());
    return std::unique_ptr<ApiServer>(new ApiServer(std::move(impl)));
  } catch (const std::exception& error) {  // threads, epoll: the system's resources
    return refuse(Code::kIo, {"starting the API: {}", "啟動 API：{}"}, error.what());
  }
}

ApiServer::ApiServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ApiServer::~ApiServer() = default;
std::uint16_t ApiServer::port() const {
  return impl_->port();
}
void ApiServer::set_terms(std::chrono::seconds stale_after, checks::Organisation organisation) {
  impl_->set_terms(stale_after, std::move(organisation));
}

void ApiServer::set_content(std::shared_ptr<const checks::Content> content) {
  impl_->set_content(std::move(content));
}
Result<std::string> ApiServer::weekly_report(const Week& week) const {
  return impl_->weekly_report(week);
}
void ApiServer::stop() {
  impl_->stop();
}

}  // namespace assay::collector
