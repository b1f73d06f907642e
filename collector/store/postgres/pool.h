// The connections of a store: at most so many, made when they are needed, dropped when the server
// has gone away.
//
// Safe from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "collector/store/postgres/connection.h"

namespace assay::collector::postgres {

class Pool;

// A connection, given back at the end of its life; one that is not usable any more is not kept.
class Lease {
 public:
  Lease(Pool& pool, std::unique_ptr<Connection> connection)
      : pool_(&pool), connection_(std::move(connection)) {}
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease();
  Connection* operator->() { return connection_.get(); }
  Connection& operator*() { return *connection_; }

 private:
  Pool* pool_;
  std::unique_ptr<Connection> connection_;
};

class Pool {
 public:
  // `on_connect` is called for every new connection.
  Pool(std::string conninfo, std::size_t most, std::function<void()> on_connect)
      : conninfo_(std::move(conninfo)), most_(most), on_connect_(std::move(on_connect)) {}

  // Waits until `deadline` for one to be free. kUnavailable, or why there is none to be made.
  [[nodiscard]] Result<Lease> lease(std::chrono::steady_clock::time_point deadline);
  // Looks at all servers that the connection string names, when it names several, so that a primary
  // of before a failover is known from the first connection on.
  void look_around();

 private:
  friend class Lease;
  void give_back(std::unique_ptr<Connection> connection);
  // To the primary; not to one that was it before a failover.
  [[nodiscard]] Result<std::unique_ptr<Connection>> connect();
  // Whether it is, or is further than, the furthest that was seen; remembers it.
  [[nodiscard]] bool is_in_force(const Role& role);

  const std::string conninfo_;
  const std::size_t most_;
  const std::function<void()> on_connect_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t lent_ = 0;
  Lineage furthest_;  // that was seen
};

}  // namespace assay::collector::postgres
