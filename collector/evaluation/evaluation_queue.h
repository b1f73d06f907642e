// Hosts that wait to be judged, and the threads that judge them. A host that waits already does not
// wait twice. Nothing is lost with the process: what was not judged is found again by due().
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "collector/evaluation/evaluator.h"

namespace assay::collector {

struct QueueOptions {
  std::size_t threads{1};
  // How often the store is asked for hosts that are due: the day changed, the content changed, or
  // an evaluation failed. Asked once at the start, too.
  std::chrono::milliseconds look{30'000};
  // So many hosts that are due are claimed at a time, for so long. Collectors that share a store
  // share this work: what one has claimed the others pass over.
  std::size_t claim{256};
  std::chrono::seconds hold{60};
  // So many at most are judged together, by one thread. What was just scanned waits for no more
  // than these.
  std::size_t batch{128};
  // Called before each look, on a thread of the queue, never on two at once; may be empty.
  std::function<void()> before_look;
};

class EvaluationQueue {
 public:
  // Both must outlive it.
  EvaluationQueue(Store& store, Evaluator& evaluator, QueueOptions options = {});
  ~EvaluationQueue();  // stop()
  EvaluationQueue(const EvaluationQueue&) = delete;
  EvaluationQueue& operator=(const EvaluationQueue&) = delete;

  // Before all hosts that wait for a new day or new content.
  void submit(const std::string& host_id);
  // Looks for hosts that are due now.
  void look_now();
  // Hosts that wait, those that another collector may have claimed included; from any thread.
  [[nodiscard]] std::size_t waiting() const;
  // Waits until nothing waits and nothing is being judged. For tests and for draining.
  [[nodiscard]] bool wait_until_idle(std::chrono::milliseconds limit);
  // Ends after the hosts that are being judged.
  void stop();

 private:
  void work();
  // One step of a thread, without the lock while it takes time. False: there is nothing to do.
  bool step(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool is_something_to_do() const;
  void look();
  void claim_some(std::vector<std::string> wanted);
  void tell_progress();
  void judge(std::span<const std::string> host_ids);
  void tell(const std::string& host_id, const Error& error);
  std::vector<std::string> take();      // to be judged
  std::vector<std::string> take_due();  // to be claimed

  Store& store_;
  Evaluator& evaluator_;
  const QueueOptions options_;
  const std::string owner_;  // as which this process claims
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::deque<std::string> fresh_;
  std::deque<std::string> due_;
  std::deque<std::string> claimed_;
  std::set<std::string> waiting_;  // all that is in the three queues, or being claimed
  std::size_t working_ = 0;        // threads that do something
  bool is_look_wanted_ = true;
  bool is_looking_ = false;
  bool is_stopping_ = false;
  std::chrono::steady_clock::time_point next_look_;
  std::chrono::steady_clock::time_point told_;
  std::vector<std::thread> threads_;
};

}  // namespace assay::collector
