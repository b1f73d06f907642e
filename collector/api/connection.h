// One caller's connection: TLS, then requests one after another until it is quiet for too long.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "collector/api/api_server.h"
#include "collector/api/gatekeeper.h"

namespace assay::collector::api {

struct Connections {
  boost::asio::ssl::context& tls;
  boost::asio::thread_pool& workers;
  Gatekeeper& gatekeeper;
  const ApiOptions& options;
  std::atomic<std::size_t> open{0};
  std::atomic<std::size_t> uploads{0};
};

// Counts itself in `connections.open` while it lives. Never throws.
[[nodiscard]] boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket,
                                                 Connections& connections);

}  // namespace assay::collector::api
