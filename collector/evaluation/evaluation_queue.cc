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

using Clock = std::chrono::steady_clock;

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
      next_look_(Clock::now() + options_.look) {
  for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

EvaluationQueue::~EvaluationQueue() {
  stop();
}

void EvaluationQueue::submit(const std::string& host_id) {
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.insert(host_id).second) return;
    fresh_.push_back(host_id);
  }
  wake_.notify_one();
}

void EvaluationQueue::look_now() {
  {
    const std::lock_guard lock(mutex_);
    is_look_wanted_ = true;
  }
  wake_.notify_one();
}

std::size_t EvaluationQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

bool EvaluationQueue::wait_until_idle(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, limit,
                        [this] { return waiting_.empty() && working_ == 0 && !is_look_wanted_; });
}

void EvaluationQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
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

std::vector<std::string> EvaluationQueue::take_due() {
  std::vector<std::string> host_ids;
  while (!due_.empty() && host_ids.size() < options_.claim) {
    host_ids.push_back(std::move(due_.front()));
    due_.pop_front();
  }
  return host_ids;
}

bool EvaluationQueue::is_something_to_do() const {
  return (is_look_wanted_ && !is_looking_) || !fresh_.empty() || !claimed_.empty() || !due_.empty();
}

void EvaluationQueue::work() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    ++working_;
    const bool is_done = step(lock);
    --working_;
    if (is_done) continue;
    idle_.notify_all();
    const bool is_woken =
        wake_.wait_until(lock, next_look_, [this] { return is_stopping_ || is_something_to_do(); });
    if (is_woken || Clock::now() < next_look_) continue;
    is_look_wanted_ = true;
    next_look_ = Clock::now() + options_.look;  // not one for each thread
  }
}

bool EvaluationQueue::step(std::unique_lock<std::mutex>& lock) {
  if (is_look_wanted_ && !is_looking_) {
    is_look_wanted_ = false;
    is_looking_ = true;
    lock.unlock();
    look();
    lock.lock();
    is_looking_ = false;
    wake_.notify_all();  // for what was found, and for a look that was wanted meanwhile
    return true;
  }
  if (const auto host_ids = take(); !host_ids.empty()) {
    tell_progress();
    lock.unlock();
    judge(host_ids);
    lock.lock();
    return true;
  }
  if (auto wanted = take_due(); !wanted.empty()) {
    lock.unlock();
    claim_some(std::move(wanted));
    lock.lock();
    wake_.notify_all();
    return true;
  }
  return false;
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
  const std::lock_guard lock(mutex_);
  told_ = Clock::now();
}

void EvaluationQueue::tell_progress() {
  const auto now = Clock::now();
  if (waiting_.empty() || now - told_ < kTellEvery) return;
  told_ = now;
  spdlog::info("evaluation: {} hosts wait to be judged", waiting_.size());
}

void EvaluationQueue::claim_some(std::vector<std::string> wanted) {
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
