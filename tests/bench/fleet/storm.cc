// All agents come back after their collector went away, as couriers do.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <queue>
#include <utility>

#include "agent/courier/back_off.h"
#include "tests/bench/fleet/played_agent.h"
#include "tests/bench/fleet/player.h"

namespace assay::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Turn {
  // The first two are due at a time, the others have happened.
  enum class What { kConnect, kSubmit, kAttended, kLost, kAccepted, kNotAccepted };
  Clock::time_point at;
  std::size_t agent = 0;
  What what = What::kConnect;
  std::chrono::seconds retry_after{0};

  bool operator>(const Turn& other) const { return at > other.at; }
};
using What = Turn::What;

// In the order of their times; filled by any thread, emptied by one.
class Turns {
 public:
  void add(const Turn& turn) {
    const std::lock_guard lock(mutex_);
    turns_.push(turn);
    changed_.notify_one();
  }
  // The next whose time has come; nullopt at `until`.
  std::optional<Turn> next(Clock::time_point until) {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto now = Clock::now();
      if (!turns_.empty() && turns_.top().at <= now) {
        const auto turn = turns_.top();
        turns_.pop();
        return turn;
      }
      if (now >= until) return std::nullopt;
      // The one at the top may be another by the time that it returns.
      const auto due = turns_.empty() ? until : std::min(until, turns_.top().at);
      changed_.wait_until(lock, due);
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns_;
};

// The most of `times`, sorted, that lie within one second.
std::size_t most_within_a_second(const std::vector<Clock::time_point>& times) {
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] > std::chrono::seconds(1)) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

// What one agent has still to do.
struct Homecomer {
  explicit Homecomer(std::uint64_t seed) : connecting(seed), uploading(seed) {}
  agent::BackOff connecting;
  agent::BackOff uploading;
  bool is_attending = false;
  bool is_accepted = false;
};

}  // namespace

Storm Player::storm(const std::vector<Prepared>& prepared, const std::function<void()>& restart,
                    std::chrono::seconds patience) {
  // A stream that is still open at the end may speak after it.
  const auto turns = std::make_shared<Turns>();
  std::vector<Homecomer> homecomers;
  std::vector<Clock::time_point> attended;
  Storm storm;
  const auto connect = [&](std::size_t i) {
    agents_[i]->connect(address_, company_.ca, company_.members[i]);
    agents_[i]->attend(
        [turns, i](const grpc::Status& status) {
          turns->add({Clock::now(), i, status.ok() ? What::kAttended : What::kLost, {}});
        },
        [turns, i](std::chrono::seconds retry_after) {
          turns->add({Clock::now(), i, What::kLost, retry_after});
        });
  };
  const auto submit = [&](std::size_t i) {
    agents_[i]->submit(prepared[i], [turns, i](const grpc::Status& status) {
      turns->add({Clock::now(), i, status.ok() ? What::kAccepted : What::kNotAccepted, {}});
    });
  };
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    homecomers.emplace_back(i + 1);
    connect(i);
    const auto turn = turns->next(Clock::now() + std::chrono::seconds(10));
    if (!turn || turn->what != What::kAttended) return storm;
  }
  for (std::size_t i = 0; i < agents_.size(); ++i) submit(i);
  const auto start = Clock::now();
  restart();
  storm.down_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  while (storm.accepted < agents_.size() || storm.back < agents_.size()) {
    const auto turn = turns->next(start + patience);
    if (!turn) break;
    const auto i = turn->agent;
    auto& homecomer = homecomers[i];
    switch (turn->what) {
      case What::kLost:
        if (std::exchange(homecomer.is_attending, false)) --storm.back;
        turns->add(
            {Clock::now() + homecomer.connecting.next(turn->retry_after), i, What::kConnect, {}});
        break;
      case What::kConnect:
        ++storm.attempts;
        connect(i);
        break;
      case What::kAttended:
        if (!std::exchange(homecomer.is_attending, true)) ++storm.back;
        attended.push_back(turn->at);
        if (!homecomer.is_accepted) submit(i);
        break;
      case What::kNotAccepted:
        turns->add({Clock::now() + homecomer.uploading.next(), i, What::kSubmit, {}});
        break;
      case What::kSubmit:
        if (homecomer.is_attending && !homecomer.is_accepted) submit(i);
        break;
      case What::kAccepted:
        if (std::exchange(homecomer.is_accepted, true)) break;
        ++storm.accepted;
        if (attended.empty()) ++storm.before;
        break;
    }
  }
  storm.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  storm.failed = storm.attempts - std::min(storm.attempts, attended.size());
  storm.most_in_a_second = most_within_a_second(attended);
  hang_up();
  return storm;
}

}  // namespace assay::bench
