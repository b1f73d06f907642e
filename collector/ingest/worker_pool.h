// Threads for work that waits for the disk or computes, so that gRPC's own threads never do.
//
// The queue is bounded: who is refused tells the caller to come back later.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace assay::collector {

class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t queue_limit);
  ~WorkerPool();  // stop()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool is stopping; then `task` is not run.
  [[nodiscard]] bool try_post(std::function<void()> task);
  [[nodiscard]] std::size_t waiting() const;
  // Runs what is queued, then ends the threads.
  void stop();

 private:
  void work();

  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace assay::collector
