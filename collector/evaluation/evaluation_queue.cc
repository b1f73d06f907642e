#include "collector/evaluation/evaluation_queue.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <random>
#include <utility>
#include <vector>

#include "collector/log/log_fields.h"
#include "evidence/clock.h"

namespace assay::collector {
namespace {

// While many are judged, the log says how far it is.
constexpr std::chrono::seconds kTellEvery{10};

std::string new_owner() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

}  // namespace

EvaluationQueue::EvaluationQueue(Store& store, Evaluator& evaluator, QueueOptions options)
    : store_(store),
      evaluator_(evaluator),
      options_(std::move(options)),
      owner_(new_owner()),
      thread_([this] { work(); }) {}

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

std::size_t EvaluationQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
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

std::vector<std::string> EvaluationQueue::take() {
  auto& queue = fresh_.empty() ? claimed_ : fresh_;
  std::vector<std::string> host_ids;
  while (!queue.empty() && host_ids.size() < options_.batch) {
    waiting_.erase(queue.front());
    host_ids.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  return host_ids;
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
    if (const auto host_ids = take(); !host_ids.empty()) {
      const auto left = waiting_.size();
      lock.unlock();
      tell_progress(left);
      judge(host_ids);
      lock.lock();
      continue;
    }
    if (!due_.empty()) {
      lock.unlock();
      claim_some();
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
  std::size_t found = 0;
  for (;;) {
    const auto hosts = store_.due(content->digest, today, after, kMaxPage);
    if (!hosts) {
      spdlog::error("evaluation: looking for hosts that are due: {}", hosts.error().message());
      return;
    }
    if (hosts->empty()) break;
    after = hosts->back();
    const std::lock_guard lock(mutex_);
    for (const auto& host_id : *hosts) {
      if (!waiting_.insert(host_id).second) continue;
      due_.push_back(host_id);
      ++found;
    }
  }
  if (found == 0) return;
  spdlog::info("evaluation: {} hosts are due", found);
  told_ = std::chrono::steady_clock::now();
}

void EvaluationQueue::tell_progress(std::size_t left) {
  const auto now = std::chrono::steady_clock::now();
  if (left == 0 || now - told_ < kTellEvery) return;
  told_ = now;
  spdlog::info("evaluation: {} hosts wait to be judged", left);
}

void EvaluationQueue::claim_some() {
  std::vector<std::string> wanted;
  {
    const std::lock_guard lock(mutex_);
    while (!due_.empty() && wanted.size() < options_.claim) {
      wanted.push_back(std::move(due_.front()));
      due_.pop_front();
    }
  }
  const auto now = evidence::system_now();
  auto mine = store_.claim(wanted, owner_, now, now + options_.hold);
  if (!mine) spdlog::error("evaluation: claiming hosts: {}", mine.error().message());
  const std::lock_guard lock(mutex_);
  // What others have, or could not be claimed, is due again with a later look if it is left.
  for (const auto& host_id : wanted) waiting_.erase(host_id);
  if (!mine) return;
  for (auto& host_id : *mine)
    if (waiting_.insert(host_id).second) claimed_.push_back(std::move(host_id));
}

void EvaluationQueue::judge(std::span<const std::string> host_ids) {
  const auto answers = evaluator_.evaluate_all(host_ids);
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (!answers[i]) tell(host_ids[i], answers[i].error());
}

// The host stays due and is tried again; that it failed must be seen until then.
void EvaluationQueue::tell(const std::string& host_id, const Error& error) {
  const LogFields fields{{"host", host_id}};
  spdlog::error("evaluation: host {}: {}", host_id, error.message());
  Event event;
  event.host_id = host_id;
  event.kind = Event::Kind::kEvaluation;
  event.detail = error.message();
  event.last = evidence::system_now();
  (void)store_.add_event(event);  // the log has it
}

}  // namespace assay::collector
