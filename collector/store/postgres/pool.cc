#include "collector/store/postgres/pool.h"

#include "evidence/refusal.h"

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
  auto opened = connect();
  if (!opened) {
    give_back(nullptr);
    return fail(opened.error());
  }
  on_connect_();
  return Lease(*this, std::move(*opened));
}

void Pool::look_around() {
  const auto servers = servers_of(conninfo_);
  if (!servers || servers->size() < 2) return;
  const auto sightings = look_at_servers(conninfo_);
  if (!sightings) return;
  const std::lock_guard lock(mutex_);
  furthest_ = furthest(*sightings);
}

bool Pool::is_in_force(const Role& role) {
  if (!role.is_primary) return false;
  const std::lock_guard lock(mutex_);
  if (role.lineage.is_before(furthest_)) return false;
  furthest_ = role.lineage;
  return true;
}

Result<std::unique_ptr<Connection>> Pool::connect() {
  auto opened = Connection::open(conninfo_);
  if (!opened || is_in_force((*opened)->role())) return opened;
  const auto servers = servers_of(conninfo_);
  if (!servers) return fail(servers.error());
  for (const auto& server : *servers) {
    auto other = Connection::open(conninfo_, server);
    if (other && is_in_force((*other)->role())) return other;
  }
  return refuse(Code::kUnavailable,
                {"store: the only server that takes writes is the primary of before a failover",
                 "目前可寫入的資料庫，僅有容錯移轉前的主要伺服器"});
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
