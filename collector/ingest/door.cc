#include "collector/ingest/door.h"

#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <list>
#include <thread>
#include <utility>
#include <vector>

namespace assay::collector {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// How long nobody is let in after one for whom there was no room: whoever comes again and again
// shall not keep the collector busy with it.
constexpr std::chrono::milliseconds kPause{1};
constexpr std::chrono::milliseconds kPauseWithoutFiles{100};
constexpr std::chrono::minutes kBetweenWarnings{1};

// More than any fleet needs, where the system has no bound of its own.
constexpr rlim_t kMostFiles = 1U << 20U;

// A connection with this descriptor, or a higher one, is one too many: the system always gives
// the lowest that is free. The limit may be changed while we run (prlimit).
int first_too_many() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = 1024;
  return static_cast<int>(seats_within(limit.rlim_cur));
}

Result<std::vector<tcp::endpoint>> endpoints_of(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos)
    return fail(Code::kUnavailable, "cannot listen on " + listen + ": no port");
  auto host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  asio::io_context context;
  tcp::resolver resolver(context);
  boost::system::error_code error;
  const auto found =
      resolver.resolve(host, listen.substr(colon + 1),
                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error) return fail(Code::kUnavailable, "cannot listen on " + listen + ": " + error.message());
  std::vector<tcp::endpoint> endpoints;
  for (const auto& entry : found) {
    const auto& endpoint = entry.endpoint();
    if (endpoint.address().is_unspecified()) {
      // The first takes IPv4 as well; where there is no IPv6, the second is left.
      endpoints.emplace_back(asio::ip::address_v6::any(), endpoint.port());
      endpoints.emplace_back(asio::ip::address_v4::any(), endpoint.port());
      break;
    }
    endpoints.push_back(endpoint);
  }
  return endpoints;
}

class ListeningDoor final : public Door {
 public:
  ~ListeningDoor() override { stop(); }

  Status listen(const std::string& where) {
    auto endpoints = endpoints_of(where);
    if (!endpoints) return fail(endpoints.error());
    boost::system::error_code error;
    for (auto& endpoint : *endpoints) {
      if (port_ != 0) endpoint.port(static_cast<std::uint16_t>(port_));
      tcp::acceptor acceptor(context_);
      if (!listen(acceptor, endpoint, error)) continue;
      port_ = acceptor.local_endpoint().port();
      const bool is_every_address = endpoint.address().is_unspecified();
      acceptors_.push_back(std::move(acceptor));
      if (is_every_address) break;
    }
    if (acceptors_.empty())
      return fail(Code::kUnavailable, "cannot listen on " + where + ": " + error.message());
    return {};
  }

  [[nodiscard]] int port() const override { return port_; }
  [[nodiscard]] std::int64_t turned_away() const override { return turned_away_; }

  void start(Take take) override {
    take_ = std::move(take);
    for (auto& acceptor : acceptors_) await(acceptor);
    thread_ = std::thread([this] { context_.run(); });
  }

  void stop() override {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    acceptors_.clear();
  }

 private:
  static bool listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint,
                     boost::system::error_code& error) {
    const auto failed = [&] { return error.failed(); };
    if (acceptor.open(endpoint.protocol(), error); failed()) return false;
    if (acceptor.set_option(tcp::acceptor::reuse_address(true), error); failed()) return false;
    if (endpoint.address().is_v6()) {
      const asio::ip::v6_only only(!endpoint.address().is_unspecified());
      if (acceptor.set_option(only, error); failed()) return false;
    }
    // Every connection inherits it.
    if (acceptor.set_option(tcp::no_delay(true), error); failed()) return false;
    if (acceptor.bind(endpoint, error); failed()) return false;
    if (acceptor.listen(asio::socket_base::max_listen_connections, error); failed()) return false;
    return !acceptor.native_non_blocking(true, error).failed();
  }

  void await(tcp::acceptor& acceptor) {
    acceptor.async_wait(tcp::acceptor::wait_read,
                        [this, &acceptor](const boost::system::error_code& error) {
                          if (error) return;
                          if (const auto pause = let_in(acceptor); pause.count() > 0)
                            await_after(acceptor, pause);
                          else
                            await(acceptor);
                        });
  }

  void await_after(tcp::acceptor& acceptor, std::chrono::milliseconds pause) {
    auto timer = std::make_shared<asio::steady_timer>(context_, pause);
    timer->async_wait([this, &acceptor, timer](const boost::system::error_code& error) {
      if (!error) await(acceptor);
    });
  }

  // How long to wait before the next one.
  std::chrono::milliseconds let_in(tcp::acceptor& acceptor) {
    const int descriptor =
        ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      const bool is_full =
          errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
      if (is_full) warn();
      return is_full ? kPauseWithoutFiles : std::chrono::milliseconds(0);
    }
    if (descriptor < first_too_many()) {
      take_(descriptor);
      return {};
    }
    ::close(descriptor);
    ++turned_away_;
    warn();
    return kPause;
  }

  void warn() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_warning_) return;
    next_warning_ = now + kBetweenWarnings;
    spdlog::warn(
        "agents: as many connections are open as the limit of open files allows ({} are for them); "
        "others are turned away",
        first_too_many());
  }

  int port_ = 0;
  asio::io_context context_{1};
  std::list<tcp::acceptor> acceptors_;
  Take take_;
  std::atomic<std::int64_t> turned_away_{0};
  std::chrono::steady_clock::time_point next_warning_;
  std::thread thread_;
};

}  // namespace

std::int64_t seats_within(std::uint64_t open_files) {
  const auto most = std::min<std::uint64_t>(open_files, kMostFiles);
  return static_cast<std::int64_t>(most - std::min<std::uint64_t>(most / 2, kFilesOfOthers));
}

void allow_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (limit.rlim_cur >= kMostFiles) return;
  limit.rlim_cur = std::min(limit.rlim_max, kMostFiles);
  (void)::setrlimit(RLIMIT_NOFILE, &limit);  // without it, fewer agents at a time
}

Result<std::unique_ptr<Door>> Door::open(const std::string& listen) {
  auto door = std::make_unique<ListeningDoor>();
  if (auto listening = door->listen(listen); !listening) return fail(listening.error());
  return door;
}

}  // namespace assay::collector
