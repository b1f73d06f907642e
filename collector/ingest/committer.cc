#include "collector/ingest/committer.h"

#include <utility>

namespace assay::collector {

Committer::Committer(EvidenceStore& store, std::size_t limit)
    : store_(store), limit_(limit), thread_([this] { work(); }) {}

Committer::~Committer() {
  stop();
}

bool Committer::submit(NewSnapshot snapshot, std::vector<StoredTable> tables, Done done) {
  std::size_t bytes = snapshot.manifest_frame.size();
  for (const auto& table : tables) bytes += table.frame.size();
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ || queue_.size() >= limit_) return false;
    queue_.push_back({std::move(snapshot), std::move(tables), std::move(done), bytes});
  }
  wake_.notify_one();
  return true;
}

std::size_t Committer::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Committer::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Committer::work() {
  for (;;) {
    auto group = take_group();
    if (group.empty()) return;
    commit(std::move(group));
  }
}

std::vector<Committer::Waiting> Committer::take_group() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
  std::vector<Waiting> group;
  std::size_t bytes = 0;
  while (!queue_.empty() && group.size() < kMaxGroup) {
    bytes += queue_.front().bytes;
    if (!group.empty() && bytes > kMaxGroupBytes) break;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Committer::commit(std::vector<Waiting> group) {
  std::vector<SnapshotCommit> commits;
  for (const auto& waiting : group) commits.push_back({&waiting.snapshot, waiting.tables});
  auto receipts = store_.commit_snapshots(commits);
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move(receipts[i]));
}

}  // namespace assay::collector
