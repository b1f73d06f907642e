// The connections that one loop waits for. Not for two threads at once.
#pragma once

#include <array>

#include "agent/network/tls/connection/connection.h"
#include "evidence/result.h"

namespace assay::agent::tls {

class ConnectionSet {
 public:
  // kIo: the system does not give one.
  [[nodiscard]] Status open();

  // From now on wait() hears of what the connection needs; `*watched` is what it heard of before.
  // `tag` is handed over with it and must live as long as the connection.
  void watch(Connection& connection, Need* watched, void* tag);

  // Waits until something is ready, or `until`, a second at most. Calls `ready(tag)` for each.
  template <typename Ready>
  Status wait(Connection::Time until, Ready ready) {
    Tags tags;
    const auto count = wait_for(until, &tags);
    if (!count) return fail(count.error());
    for (std::size_t i = 0; i < *count; ++i) ready(tags[i]);
    return {};
  }

 private:
  using Tags = std::array<void*, 128>;
  Result<std::size_t> wait_for(Connection::Time until, Tags* tags);

  FileDescriptor epoll_;
};

}  // namespace assay::agent::tls
