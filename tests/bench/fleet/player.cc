#include "tests/bench/fleet/player.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "tests/bench/fleet/played_agent.h"

namespace assay::bench {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Counts what is under way and what came of it.
class Tally {
 public:
  explicit Tally(std::size_t at_once) : at_once_(at_once) {}

  void begin() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return under_way_ < at_once_; });
    ++under_way_;
  }
  void end(const grpc::Status& status, Clock::time_point start) {
    const std::lock_guard lock(mutex_);
    --under_way_;
    if (status.ok()) {
      ++outcome_.done;
      outcome_.latencies.push_back(milliseconds_since(start));
    } else {
      ++outcome_.failed;
      if (outcome_.first_failure.empty()) outcome_.first_failure = status.error_message();
    }
    changed_.notify_all();
  }
  Outcome wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return under_way_ == 0; });
    outcome_.seconds = milliseconds_since(start_) / 1000;
    std::ranges::sort(outcome_.latencies);
    return outcome_;
  }

 private:
  const std::size_t at_once_;
  const Clock::time_point start_ = Clock::now();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  Outcome outcome_;
};

}  // namespace

double Outcome::latency(double part) const {
  if (latencies.empty()) return 0;
  return latencies[static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1))];
}

Player::Player(const Company& company, std::string address)
    : address_(std::move(address)), company_(company) {
  for (std::size_t i = 0; i < company.members.size(); ++i)
    agents_.push_back(std::make_unique<PlayedAgent>());
}

Player::~Player() = default;

Outcome Player::attend(std::size_t at_once) {
  Tally tally(at_once);
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    tally.begin();
    const auto start = Clock::now();
    agents_[i]->connect(address_, company_.ca, company_.members[i]);
    agents_[i]->attend([&tally, start](const grpc::Status& status) { tally.end(status, start); });
  }
  return tally.wait();
}

Outcome Player::submit(const std::vector<std::vector<Prepared>>& prepared, std::size_t at_once,
                       double per_second) {
  Tally tally(at_once);
  auto due = Clock::now();
  const auto pause = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(per_second > 0 ? 1 / per_second : 0));
  for (const auto& round : prepared) {
    for (std::size_t i = 0; i < round.size(); ++i) {
      if (per_second > 0) std::this_thread::sleep_until(due);
      tally.begin();
      const auto start = per_second > 0 ? due : Clock::now();
      due += pause;
      if (!agents_[i]->is_connected())
        agents_[i]->connect(address_, company_.ca, company_.members[i]);
      agents_[i]->submit(round[i],
                         [&tally, start](const grpc::Status& status) { tally.end(status, start); });
    }
  }
  return tally.wait();
}

Outcome Player::visit(const std::function<Prepared(std::size_t agent)>& prepare,
                      std::size_t at_once) {
  Tally tally(at_once);
  std::map<std::size_t, Prepared> there;
  std::mutex mutex;
  std::vector<std::size_t> leaving;  // a connection does not end on a thread of its own
  const auto see_off = [&] {
    std::vector<std::size_t> left;
    {
      const std::lock_guard lock(mutex);
      left.swap(leaving);
    }
    for (const auto i : left) {
      agents_[i]->hang_up();
      there.erase(i);
    }
  };
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    tally.begin();
    see_off();
    const auto& prepared = there.emplace(i, prepare(i)).first->second;
    const auto start = Clock::now();
    agents_[i]->connect(address_, company_.ca, company_.members[i]);
    agents_[i]->submit(prepared, [&, i, start](const grpc::Status& status) {
      {
        const std::lock_guard lock(mutex);
        leaving.push_back(i);
      }
      tally.end(status, start);
    });
  }
  auto outcome = tally.wait();
  see_off();
  return outcome;
}

void Player::hang_up() {
  for (auto& agent : agents_) agent->hang_up();
}

}  // namespace assay::bench
