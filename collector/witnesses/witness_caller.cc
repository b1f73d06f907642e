#include "collector/witnesses/witness_caller.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "collector/ledger/ledger.h"
#include "evidence/clock.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

evidence::Seconds now_by(const WitnessCallerOptions& options) {
  return options.now ? options.now() : evidence::system_now();
}

// All witnesses are due when the same hour begins, so that they see the same checkpoint even if one
// of them was late the last time.
bool is_due(evidence::Seconds last, evidence::Seconds now, std::chrono::seconds every) {
  return last.time_since_epoch() / every != now.time_since_epoch() / every;
}

const StoredCosignature* last_of(const std::vector<StoredCosignature>& all,
                                 const std::string& witness) {
  const auto found = std::ranges::find(all, witness, &StoredCosignature::witness);
  return found == all.end() ? nullptr : &*found;
}

class Round {
 public:
  Round(Store& store, const WitnessCallerOptions& options, const std::stop_token& stop)
      : store_(store), options_(options), stop_(stop), now_(now_by(options)) {}

  Result<WitnessRound> run() {
    auto checkpoint = store_.checkpoint();
    if (!checkpoint && checkpoint.error().code() == Code::kNotFound) return done_;
    if (!checkpoint) return fail(checkpoint.error());
    auto last = store_.cosignatures();
    if (!last) return fail(last.error());
    last_ = std::move(*last);
    std::vector<const Witness*> due;
    for (const auto& witness : options_.witnesses) {
      const auto* said = last_of(last_, evidence::to_text(witness.key));
      if (said == nullptr || is_due(said->at, now_, options_.every)) due.push_back(&witness);
    }
    if (due.empty()) return done_;
    if (auto known = check_signed(*checkpoint, options_.ledger); !known) return fail(known.error());
    const auto is_ours =
        store_.claim_witnessing(now_, now_ + std::min(options_.every, kWitnessPause));
    if (!is_ours) return fail(is_ours.error());
    if (!*is_ours) return done_;
    auto troubles = store_.witness_troubles();
    if (!troubles) return fail(troubles.error());
    troubles_ = std::move(*troubles);
    for (const auto* witness : due) {
      if (stop_.stop_requested()) break;
      if (auto kept = ask(*witness, *checkpoint); !kept) return fail(kept.error());
    }
    return done_;
  }

 private:
  Status ask(const Witness& witness, const StoredCheckpoint& checkpoint) {
    const auto id = evidence::to_text(witness.key);
    const auto* said = last_of(last_, id);
    auto cosignature = request_cosignature(
        store_, {witness, options_.ledger, checkpoint, said == nullptr ? 0 : said->size},
        options_.ask, stop_);
    if (cosignature) cosignature = check_time(std::move(*cosignature));
    if (stop_.stop_requested() && !cosignature) return {};
    if (!cosignature) return take_trouble(witness, id, cosignature.error());
    if (auto kept = store_.add_cosignature(*cosignature); !kept) return kept;
    ++done_.cosignatures;
    if (trouble_of(id) != nullptr)
      spdlog::info("ledger: {} entries co-signed by the witness {} again", cosignature->size,
                   witness.key.name);
    else
      spdlog::debug("ledger: {} entries co-signed by the witness {}", cosignature->size,
                    witness.key.name);
    return {};
  }

  // An old one that is shown again is no witness of today.
  Result<StoredCosignature> check_time(StoredCosignature cosignature) {
    const auto now = now_by(options_);
    if (cosignature.at + kWitnessClockSlack >= now && cosignature.at <= now + kWitnessClockSlack)
      return cosignature;
    return refuse(Code::kInvalidData, {"the time of its co-signature is more than an hour off",
                                       "共同簽章的時間與本機相差超過一小時"});
  }

  [[nodiscard]] const WitnessTrouble* trouble_of(const std::string& witness) const {
    const auto found = std::ranges::find(troubles_, witness, &WitnessTrouble::witness);
    return found == troubles_.end() ? nullptr : &*found;
  }

  Status take_trouble(const Witness& witness, const std::string& id, const Error& error) {
    ++done_.failures;
    const bool is_alarm = error.code() == Code::kConflict;
    const auto* before = trouble_of(id);
    const bool is_new = before == nullptr ||
                        (before->what.en != error.message() && (is_alarm || !before->is_alarm));
    if (is_new && is_alarm) spdlog::error("ledger: {}", error.message());
    if (is_new && !is_alarm)
      spdlog::warn("ledger: no co-signature of the witness {}: {}; it is tried again",
                   witness.key.name, error.message());
    if (auto kept = store_.set_witness_trouble({id, now_, is_alarm, error.text()}); !kept)
      return kept;
    // Counted again with the next attempt.
    return is_alarm ? store_.add_event(ledger_event(error.message(), now_)) : Status{};
  }

  Store& store_;
  const WitnessCallerOptions& options_;
  const std::stop_token& stop_;
  const evidence::Seconds now_;
  std::vector<StoredCosignature> last_;
  std::vector<WitnessTrouble> troubles_;
  WitnessRound done_;
};

}  // namespace

Result<WitnessRound> ask_witnesses(Store& store, const WitnessCallerOptions& options,
                                   const std::stop_token& stop) {
  return Round(store, options, stop).run();
}

Result<std::chrono::seconds> unwitnessed_age(LedgerStore& store,
                                             const std::vector<Witness>& witnesses,
                                             evidence::Seconds now) {
  const auto first = store.ledger_entries(0, 1);
  if (!first) return fail(first.error());
  if (first->empty()) return std::chrono::seconds(0);
  const auto last = store.cosignatures();
  if (!last) return fail(last.error());
  std::chrono::seconds age{0};
  for (const auto& witness : witnesses) {
    const auto* said = last_of(*last, evidence::to_text(witness.key));
    age = std::max(age, now - (said == nullptr ? first->front().accepted : said->at));
  }
  return age;
}

WitnessCaller::WitnessCaller(Store& store, WitnessCallerOptions options)
    : store_(store),
      options_(std::move(options)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

WitnessCaller::~WitnessCaller() {
  stop();
}

void WitnessCaller::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void WitnessCaller::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::string complaint;
  while (!stop.stop_requested()) {
    const auto done = ask_witnesses(store_, options_, stop);
    if (done) {
      cosignatures_ += done->cosignatures;
      failures_ += done->failures;
    }
    if (!done && done.error().message() != complaint)
      spdlog::warn("ledger: witnesses are not asked: {}; it is tried again",
                   done.error().message());
    complaint = done ? "" : done.error().message();
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, options_.look, [] { return false; });
  }
}

std::vector<Figure> WitnessCaller::figures() const {
  std::vector<Figure> figures = {
      {"assay_ledger_cosignatures_total", "Co-signatures of the ledger that witnesses gave.",
       static_cast<double>(cosignatures_), true},
      {"assay_ledger_cosignature_failures_total", "Co-signatures that could not be had.",
       static_cast<double>(failures_), true}};
  // Left out while the store cannot be asked: no figure rather than a good one.
  if (const auto age = unwitnessed_age(store_, options_.witnesses, now_by(options_)))
    figures.push_back({"assay_ledger_unwitnessed_age_seconds",
                       "Since when a configured witness has not co-signed the ledger, of all of "
                       "them the longest; 0 while nothing is logged.",
                       static_cast<double>(age->count()), false});
  if (const auto troubles = store_.witness_troubles())
    figures.push_back(
        {"assay_ledger_witness_alarms", "Witnesses that have seen another ledger than this one.",
         static_cast<double>(std::ranges::count_if(*troubles, &WitnessTrouble::is_alarm)), false});
  return figures;
}

}  // namespace assay::collector
