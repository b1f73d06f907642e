#include "collector/stamps/time_stamper.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "collector/ledger/ledger.h"
#include "evidence/clock.h"
#include "evidence/ledger/time_stamp_exchange.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

// A stamp that is further ahead was not given by the time that this machine knows, and says nothing
// of when the next one is due.
constexpr std::chrono::hours kClockSlack{1};

evidence::Seconds now_by(const TimeStamperOptions& options) {
  return options.now ? options.now() : evidence::system_now();
}

bool is_due(const StoredTimeStamp& last, std::chrono::seconds every, evidence::Seconds now) {
  return last.at + every <= now || last.at > now + kClockSlack;
}

// The checkpoint to be stamped now; kNotFound when there is none.
Result<StoredCheckpoint> due_checkpoint(Store& store, const TimeStamperOptions& options) {
  auto checkpoint = store.checkpoint();
  if (!checkpoint) return checkpoint;
  const auto last = store.time_stamps({"", 1});
  if (!last) return fail(last.error());
  if (!last->items.empty() && (last->items.front().size >= checkpoint->head.size ||
                               !is_due(last->items.front(), options.every, now_by(options))))
    return fail(Code::kNotFound, "nothing to be stamped");
  return checkpoint;
}

}  // namespace

Result<bool> stamp_once(Store& store, const TimeStamperOptions& options,
                        const std::stop_token& stop) {
  const auto checkpoint = due_checkpoint(store, options);
  if (!checkpoint && checkpoint.error().code() == Code::kNotFound) return false;
  if (!checkpoint) return fail(checkpoint.error());
  if (auto known = check_signed(*checkpoint, options.ledger); !known) return fail(known.error());
  const auto now = now_by(options);
  const auto is_ours = store.claim_time_stamping(now, now + std::min(options.every, kStampPause));
  if (!is_ours || !*is_ours) return is_ours;
  const auto query = evidence::time_stamp_query(evidence::sha256(checkpoint->note));
  if (!query) return fail(query.error());
  const auto reply = options.ask(query->der, stop);
  if (!reply) return fail(reply.error());
  auto token = evidence::time_stamp_in(*reply, *query, options.authorities);
  if (!token) return fail(token.error());
  const auto stamp = evidence::read_time_stamp(*token);
  if (!stamp) return fail(stamp.error());
  StoredTimeStamp added;
  added.size = checkpoint->head.size;
  added.at = stamp->at;
  added.note = checkpoint->note;
  added.token = std::move(*token);
  if (auto done = store.add_time_stamp(added); !done) return fail(done.error());
  spdlog::info("ledger: {} entries time-stamped at {} by {}", added.size,
               evidence::to_timestamp(stamp->at), stamp->authority);
  return true;
}

TimeStamper::TimeStamper(Store& store, TimeStamperOptions options)
    : store_(store),
      options_(std::move(options)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

TimeStamper::~TimeStamper() {
  stop();
}

void TimeStamper::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void TimeStamper::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto done = stamp_once(store_, options_, stop);
    if (done && *done) ++stamps_;
    if (!done && !stop.stop_requested()) {
      ++failures_;
      spdlog::warn("ledger: no time stamp: {}; it is tried again", done.error().message());
    }
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, options_.look, [] { return false; });
  }
}

std::vector<Figure> TimeStamper::figures() const {
  std::vector<Figure> figures = {
      {"assay_ledger_time_stamps_total", "Time stamps of the ledger that were had.",
       static_cast<double>(stamps_), true},
      {"assay_ledger_time_stamp_failures_total", "Time stamps that could not be had.",
       static_cast<double>(failures_), true}};
  // Left out while the store cannot be asked: no figure rather than a good one.
  if (const auto since = unstamped_since(store_)) {
    const auto age = *since ? std::max(std::chrono::seconds(0), now_by(options_) - **since)
                            : std::chrono::seconds(0);
    figures.push_back({"assay_ledger_unstamped_age_seconds",
                       "Since when the oldest entry that no time stamp covers waits; 0: none.",
                       static_cast<double>(age.count()), false});
  }
  return figures;
}

}  // namespace assay::collector
