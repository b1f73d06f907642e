#include "collector/evaluation/evaluation_queue.h"

#include <spdlog/spdlog.h>

namespace assay::collector {

EvaluationQueue::EvaluationQueue(Store& store, Evaluator& evaluator, QueueOptions options)
    : store_(store), evaluator_(evaluator), options_(options), thread_([this] { work(); }) {}

EvaluationQueue::~EvaluationQueue() {
  stop();
}

void EvaluationQueue::submit(const std::string& host_id) {
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.insert(host_id).second) return;
    fresh_.push_back(host_id);
  }
  wake_.notify_all();
}

void EvaluationQueue::look_now() {
  {
    const std::lock_guard lock(mutex_);
    is_look_wanted_ = true;
  }
  wake_.notify_all();
}

bool EvaluationQueue::wait_until_idle(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, limit,
                        [this] { return waiting_.empty() && !is_working_ && !is_look_wanted_; });
}

void EvaluationQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::optional<std::string> EvaluationQueue::take() {
  auto& queue = fresh_.empty() ? due_ : fresh_;
  if (queue.empty()) return std::nullopt;
  auto host_id = std::move(queue.front());
  queue.pop_front();
  waiting_.erase(host_id);
  return host_id;
}

void EvaluationQueue::work() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    is_working_ = true;
    if (is_look_wanted_) {
      is_look_wanted_ = false;
      lock.unlock();
      look();
      lock.lock();
      continue;
    }
    if (const auto host_id = take()) {
      lock.unlock();
      judge(*host_id);
      lock.lock();
      continue;
    }
    is_working_ = false;
    idle_.notify_all();
    const bool is_woken = wake_.wait_for(lock, options_.look, [this] {
      return is_stopping_ || is_look_wanted_ || !waiting_.empty();
    });
    if (!is_woken) is_look_wanted_ = true;
  }
}

void EvaluationQueue::look() {
  if (options_.before_look) options_.before_look();
  const auto content = evaluator_.content();
  const auto today = evaluator_.today();
  std::string after;
  for (;;) {
    const auto hosts = store_.due(content->digest, today, after, kMaxPage);
    if (!hosts) {
      spdlog::error("evaluation: looking for hosts that are due: {}", hosts.error().message());
      return;
    }
    if (hosts->empty()) return;
    after = hosts->back();
    const std::lock_guard lock(mutex_);
    for (const auto& host_id : *hosts)
      if (waiting_.insert(host_id).second) due_.push_back(host_id);
  }
}

void EvaluationQueue::judge(const std::string& host_id) {
  const auto done = evaluator_.evaluate(host_id);
  if (done) return;
  // The host stays due and is tried again; that it failed must be seen until then.
  spdlog::error("evaluation of host {}: {}", host_id, done.error().message());
  Event event;
  event.host_id = host_id;
  event.kind = Event::Kind::kEvaluation;
  event.detail = done.error().message();
  event.last = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  (void)store_.add_event(event);  // the log has it
}

}  // namespace assay::collector
