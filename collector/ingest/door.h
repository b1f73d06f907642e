// Where agents come in: listens, and hands each connection on, as long as it leaves the collector
// the open files that it needs for its store and for people.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "evidence/result.h"

namespace assay::collector {

// Of the open files that the process may have (RLIMIT_NOFILE), those that agents leave: people's
// connections, the store, the files of a table that is being read.
inline constexpr std::size_t kFilesOfOthers = 320;

// Connections of agents that such a limit leaves room for.
[[nodiscard]] std::int64_t seats_within(std::uint64_t open_files);

// The process may have as many open files as the system lets it have at most.
void allow_open_files();

class Door {
 public:
  // Takes over a connected socket, which neither waits nor is inherited; must not block.
  using Take = std::function<void(int descriptor)>;

  // `listen` is HOST:PORT, HOST an address or a name; 0.0.0.0 and [::] are every address of both
  // families. Port 0: any free one. Nobody is let in before start().
  // kUnavailable when none of the addresses can be listened on.
  [[nodiscard]] static Result<std::unique_ptr<Door>> open(const std::string& listen);
  virtual ~Door() = default;  // stop()

  [[nodiscard]] virtual int port() const = 0;
  virtual void start(Take take) = 0;
  // No connection is handed on any more when it returns.
  virtual void stop() = 0;
  // Connections that were closed at once, as there were too many.
  [[nodiscard]] virtual std::int64_t turned_away() const = 0;
};

}  // namespace assay::collector
