#include "agent/courier/ledger_watch.h"

#include "agent/courier/channel.h"
#include "agent/courier/ledger_check.h"
#include "agent/state/disk.h"
#include "assay/v1/limits.pb.h"
#include "evidence/clock.h"
#include "evidence/ledger/checkpoint.h"

namespace assay::agent {

namespace {

constexpr int kTries = 6;
// A batch of the collector's ledger gathers for a fifth of a second.
constexpr std::chrono::milliseconds kPause{400};
constexpr std::chrono::seconds kAnswerTime{10};
// An accepted snapshot is logged within a second. A collector that was away has a day.
constexpr std::chrono::hours kLongestUnproven{24};

}  // namespace

void LedgerWatch::cancel() {
  const std::scoped_lock lock(mutex_);
  is_cancelled_ = true;
  if (context_ != nullptr) context_->TryCancel();
  wake_.notify_all();
}

bool LedgerWatch::pause() {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, kPause, [this] { return is_cancelled_; });
}

Result<bool> LedgerWatch::ask(LedgerMemory* memory) {
  v1::ProveRequest request;
  request.set_held_checkpoint(memory->checkpoint);
  for (const auto& [manifest, accepted] : memory->unproven)
    if (request.manifest_digests_size() < v1::LIMIT_PROOFS)
      request.add_manifest_digests(manifest.raw());
  v1::ProveResponse answer;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAnswerTime);
  {
    const std::scoped_lock lock(mutex_);
    if (is_cancelled_) return false;
    context_ = &context;
  }
  const auto status = stub_->Prove(&context, request, &answer);
  {
    const std::scoped_lock lock(mutex_);
    context_ = nullptr;
  }
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    if (!memory->key.empty())
      memory->alarm(evidence::system_now(), "ledger: the collector keeps it no more");
    memory->unproven.clear();  // nobody will ever prove them
    return false;
  }
  // A ledger that is empty has been so always, or it was emptied.
  if (status.error_code() == grpc::StatusCode::NOT_FOUND && memory->checkpoint.empty()) return true;
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
    memory->alarm(evidence::system_now(),
                  "ledger: it was rewound: the collector says that it is empty");
    return false;
  }
  if (!status.ok()) return fail(error_of(status));
  if (const auto good = check_ledger_answer(answer, ca_, evidence::system_now(), memory); !good) {
    memory->alarm(evidence::system_now(), good.error().message());
    return false;
  }
  report_.was_checked = true;
  return !memory->unproven.empty();
}

Status LedgerWatch::run(std::span<const Unproven> receipts) {
  auto memory = read_ledger_memory(state_);
  // What cannot be read is begun anew, and that is no silent thing: a checkpoint was lost.
  if (!memory) {
    const auto why = memory.error().message();
    memory = LedgerMemory();
    memory->alarm(evidence::system_now(), "ledger: the checkpoint that was kept is lost: " + why);
  }
  const auto before = to_json(*memory);
  for (const auto& receipt : receipts) memory->add_unproven(receipt, evidence::system_now());
  Status done;
  for (int i = 0; i < kTries; ++i) {
    const auto again = ask(&*memory);
    if (!again) done = fail(again.error());
    if (!again || !*again || !pause()) break;
  }
  std::erase_if(memory->unproven, [&](const Unproven& one) {
    if (!report_.was_checked || evidence::system_now() - one.accepted < kLongestUnproven)
      return false;
    memory->alarm(evidence::system_now(),
                  "ledger: manifest " + one.manifest.hex() + " was accepted at " +
                      evidence::to_timestamp(one.accepted) + " and is not logged");
    return true;
  });
  summarize(*memory);
  const auto after = to_json(*memory);
  if (after == before) return done;
  Disk disk;
  if (auto written = disk.write(state_.ledger_memory(), after); !written) return written;
  return done;
}

void LedgerWatch::summarize(const LedgerMemory& memory) {
  report_.unproven = std::ssize(memory.unproven);
  if (!memory.alarms.empty()) report_.alarm = memory.alarms.back().detail;
  const auto note = evidence::note_from_text(memory.checkpoint);
  const auto checkpoint = note ? evidence::checkpoint_from_text(note->text)
                               : Result<evidence::Checkpoint>(fail(note.error()));
  if (checkpoint) report_.size = checkpoint->head.size;
}

}  // namespace assay::agent
