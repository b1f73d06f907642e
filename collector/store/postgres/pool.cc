#include "collector/store/postgres/pool.h"

namespace assay::collector::postgres {

Lease::~Lease() {
  if (connection_ != nullptr) pool_->give_back(std::move(connection_));
}

Result<Lease> Pool::lease(std::chrono::steady_clock::time_point deadline) {
  {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_until(lock, deadline, [this] { return lent_ < most_; }))
      return fail(Code::kUnavailable, "store: all connections to the database are busy");
    ++lent_;
    while (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      if (!connection->is_usable()) continue;
      connection->settle();
      return Lease(*this, std::move(connection));
    }
  }
  // Not under the lock: it may take seconds.
  auto opened = Connection::open(conninfo_);
  if (!opened) {
    give_back(nullptr);
    return fail(opened.error());
  }
  on_connect_();
  return Lease(*this, std::move(*opened));
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (connection != nullptr && connection->trouble() == Trouble::kLost) {
      // The others lead to the same server.
      connection.reset();
      idle_.clear();
    }
    if (connection != nullptr) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

}  // namespace assay::collector::postgres
