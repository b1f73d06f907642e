#include "collector/ledger/sequencer.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "collector/ledger/ledger.h"
#include "evidence/clock.h"
#include "evidence/ledger/checkpoint.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

// With other collectors, before it waits for the next look.
constexpr int kMaxConflicts = 16;

SequencerOptions completed(SequencerOptions options) {
  if (!options.now) options.now = evidence::system_now;
  return options;
}

// What is signed must begin with what was signed before; otherwise the log would be forked by its
// own key, and nobody could tell the fork from the log.
Status check_last(LedgerStore& store, const StoredCheckpoint& last, const LedgerKey& key) {
  const auto opened = evidence::open_checkpoint(last.note, key.verifier(), key.verifier().name);
  if (!opened)
    return fail(Code::kLost,
                opened.error().within(phrase({"the latest checkpoint", "最新檢查點"})).text());
  if (opened->checkpoint.head != last.head)
    return refuse(Code::kLost, {"the latest checkpoint is stored with another size or root",
                                "最新檢查點的筆數或根值與保存的不符"});
  evidence::TileTree tree(last.head.size, tiles_of(store));
  const auto root = evidence::root_of(last.head.size, tree.reader());
  if (!root && root.error().code() != Code::kInvalidData && root.error().code() != Code::kNotFound)
    return fail(root.error());
  if (!root || *root != last.head.root)
    return refuse(Code::kLost, {"the stored tree is not the one of the latest checkpoint",
                                "保存的帳本與最新檢查點不符"});
  return {};
}

bool is_same_hour(evidence::Seconds one, evidence::Seconds other) {
  return std::chrono::floor<std::chrono::hours>(one) ==
         std::chrono::floor<std::chrono::hours>(other);
}

Result<LedgerAppend> next_batch(Store& store, const LedgerKey& key,
                                const SequencerOptions& options) {
  // The size first: whatever is appended in between makes the batch fail, not double.
  const auto last = store.checkpoint();
  if (!last && last.error().code() != Code::kNotFound) return fail(last.error());
  auto entries = store.unsequenced(options.batch);
  if (!entries) return fail(entries.error());
  LedgerAppend append;
  append.entries = std::move(*entries);
  if (append.entries.empty()) return append;
  append.checkpoint.at = options.now();
  if (last) {
    if (auto sound = check_last(store, *last, key); !sound) return fail(sound.error());
    append.old_size = last->head.size;
    append.replaces_last = is_same_hour(last->at, append.checkpoint.at);
  }
  std::vector<evidence::Digest> leaves;
  leaves.reserve(append.entries.size());
  for (const auto& entry : append.entries)
    leaves.push_back(evidence::leaf_hash(evidence::to_text(entry)));
  auto growth = evidence::grow(append.old_size, leaves, tiles_of(store));
  if (!growth) return fail(growth.error());
  append.tiles = std::move(growth->tiles);
  append.checkpoint.head = growth->head;
  auto note =
      key.sign(evidence::to_text(evidence::Checkpoint{key.verifier().name, growth->head, {}}));
  if (!note) return fail(note.error());
  append.checkpoint.note = std::move(*note);
  return append;
}

}  // namespace

Result<std::size_t> sequence_once(Store& store, const LedgerKey& key,
                                  const SequencerOptions& given) {
  const auto options = completed(given);
  const auto append = next_batch(store, key, options);
  if (!append && append.error().code() == Code::kLost) {
    // Counted again with the next attempt.
    (void)store.add_event(ledger_event(append.error().message(), options.now()));
  }
  if (!append) return fail(append.error());
  if (append->entries.empty()) return 0;
  if (auto done = store.append_to_ledger(*append); !done) return fail(done.error());
  return append->entries.size();
}

Sequencer::Sequencer(Store& store, const LedgerKey& key, SequencerOptions options)
    : store_(store),
      key_(key),
      options_(completed(std::move(options))),
      thread_([this] { run(); }) {}

Sequencer::~Sequencer() {
  stop();
}

void Sequencer::notify() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_due_, true)) return;
  }
  wake_.notify_all();
}

void Sequencer::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Sequencer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait_for(lock, options_.look, [this] { return is_due_ || is_stopping_; });
    // Those that come within this time share a batch.
    if (is_due_) wake_.wait_for(lock, options_.gather, [this] { return is_stopping_; });
    is_due_ = false;
    const bool is_last = is_stopping_;
    lock.unlock();
    sequence_all();
    if (is_last) return;
    lock.lock();
  }
}

void Sequencer::compare() {
  const auto told = memory_.look(store_);
  if (!told || !*told) return;  // what could not be looked at is, the next time
  spdlog::error("ledger: {}", **told);
  if (auto kept = store_.add_event(ledger_event(**told, options_.now())); !kept)
    spdlog::error("ledger: this is not kept as an event: {}", kept.error().message());
}

void Sequencer::sequence_all() {
  bool was_logged = false;
  compare();
  for (int conflicts = 0; conflicts < kMaxConflicts;) {
    const auto done = sequence_once(store_, key_, options_);
    if (!done && done.error().code() != Code::kConflict) {
      spdlog::error("ledger: {}; it is tried again", done.error().message());
      break;
    }
    conflicts += done ? 0 : 1;
    was_logged = was_logged || !done || *done > 0;  // by whoever was quicker
    if (done && *done < options_.batch) break;
  }
  if (!was_logged) return;
  compare();
  if (options_.on_logged) options_.on_logged();
}

}  // namespace assay::collector
