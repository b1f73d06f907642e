#include "collector/ingest/quota.h"

#include <utility>

namespace assay::collector {
namespace {

constexpr std::chrono::seconds kMinute{60};
constexpr std::chrono::seconds kDay{86'400};

std::int64_t window_of(evidence::Seconds now, std::chrono::seconds window) {
  return now.time_since_epoch() / window;
}

}  // namespace

std::optional<Quotas::Excess> Quotas::add(Count& count, std::int64_t amount, std::int64_t limit,
                                          std::chrono::seconds window, evidence::Seconds now) {
  const auto number = window_of(now, window);
  // Another one than before, also when the clock was set back.
  if (count.number != number) count = {number, 0, false};
  if (count.used + amount <= limit) {
    count.used += amount;
    return std::nullopt;
  }
  const auto next = evidence::Seconds((number + 1) * window);
  return Excess{{}, next - now, !std::exchange(count.is_told, true)};
}

void Quotas::set_limits(const QuotaLimits& limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
}

std::optional<Quotas::Excess> Quotas::offer(const std::string& host_id, evidence::Seconds now) {
  const std::lock_guard lock(mutex_);
  forget(now);
  auto excess = add(uses_[host_id].minute, 1, limits_.snapshots_per_minute, kMinute, now);
  if (excess)
    excess->what = "over the quota of " + std::to_string(limits_.snapshots_per_minute) +
                   " snapshots a minute for one host";
  return excess;
}

std::optional<Quotas::Excess> Quotas::receive(const std::string& host_id, std::size_t bytes,
                                              evidence::Seconds now) {
  const std::lock_guard lock(mutex_);
  forget(now);
  auto excess =
      add(uses_[host_id].day, static_cast<std::int64_t>(bytes), limits_.bytes_per_day, kDay, now);
  if (excess)
    excess->what =
        "over the quota of " + std::to_string(limits_.bytes_per_day) + " bytes a day for one host";
  return excess;
}

void Quotas::forget(evidence::Seconds now) {
  const auto today = window_of(now, kDay);
  if (std::exchange(forgotten_on_, today) == today) return;
  std::erase_if(uses_, [today](const auto& use) { return use.second.day.number != today; });
}

}  // namespace assay::collector
