// Commits what waits together: while one group is on its way to the disk, the snapshots that come
// meanwhile make the next. Nobody waits for company, and nobody's thread waits for the disk.
//
// Safe from any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "collector/store/evidence_store.h"

namespace assay::collector {

class Committer {
 public:
  // Of one group: so that nobody waits long behind it, and other writers come in between.
  static constexpr std::size_t kMaxGroup = 128;
  static constexpr std::size_t kMaxGroupBytes = 8U << 20U;

  // Called once, on the committer's thread, when the snapshot is durable or was refused.
  using Done = std::function<void(Result<Receipt>)>;

  // `store` must outlive it. At most `limit` wait.
  Committer(EvidenceStore& store, std::size_t limit);
  ~Committer();  // stop()
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // In the order in which they are given. False when too many wait or it is stopping: then
  // `done` is not called.
  [[nodiscard]] bool submit(NewSnapshot snapshot, std::vector<StoredTable> tables, Done done);
  [[nodiscard]] std::size_t waiting() const;
  // Commits what waits, then ends the thread.
  void stop();

 private:
  struct Waiting {
    NewSnapshot snapshot;
    std::vector<StoredTable> tables;
    Done done;
    std::size_t bytes = 0;
  };

  void work();
  std::vector<Waiting> take_group();
  void commit(std::vector<Waiting> group);

  EvidenceStore& store_;
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace assay::collector
