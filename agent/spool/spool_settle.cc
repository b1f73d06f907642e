// Carrying out verdicts, and freeing what nobody needs any more.
#include <set>

#include "agent/spool/spool.h"
#include "evidence/compress.h"
#include "evidence/limits.h"

namespace assay::agent {

std::optional<Verdict> Spool::verdict_of(const SnapshotName& name) const {
  const auto json =
      read_state_file(state_.verdicts() + "/" + to_text(name) + ".json", kMaxVerdictBytes);
  if (!json) return std::nullopt;
  // A verdict that cannot be read is none: the courier asks the collector again.
  const auto verdict = verdict_from_json(*json);
  return verdict ? std::optional(*verdict) : std::nullopt;
}

Status Spool::settle_one(const SnapshotName& name, const Verdict& verdict) {
  const auto from = state_.spool() + "/" + to_text(name);
  const auto target = verdict.is_receipt ? state_.accepted() : state_.set_aside();
  const auto to = target + "/" + to_text(name);
  // On a full disk the snapshot moves without it: the folder says what it is, and room is made.
  (void)disk_->write(from + "/" + kVerdictFile, to_json(verdict));
  if (auto gone = disk_->remove(to); !gone) return gone;
  if (auto moved = disk_->move(from, to); !moved) return moved;
  auto node = spooled_.extract(name);
  (verdict.is_receipt ? accepted_ : set_aside_).insert(std::move(node));
  if (!verdict.is_receipt && (verdict.reason == "bad_table" || verdict.reason == "damaged"))
    forget_damaged_tables(name);
  if (!verdict.is_receipt)
    record_gap(GapKind::kSetAside, to_text(name) + ": " + verdict.reason + ": " + verdict.detail);
  return {};
}

// A file that does not hold its digest would be refused for ever; the next scan writes it anew.
void Spool::forget_damaged_tables(const SnapshotName& set_aside) {
  const auto manifest = manifest_in(state_.set_aside(), set_aside);
  if (!manifest) return;
  for (const auto& entry : manifest->tables) {
    if (!entry.digest || !tables_.contains(*entry.digest)) continue;
    const auto path = state_.tables() + "/" + table_file_name(*entry.digest);
    const auto frame = read_state_file(path, evidence::kMaxTableBytes + (1U << 20U));
    const auto bytes = frame ? evidence::decompress(*frame, evidence::kMaxTableBytes) : frame;
    if (bytes && evidence::sha256(*bytes) == *entry.digest) continue;
    if (disk_->remove(path)) tables_.erase(*entry.digest);
  }
}

Result<Settled> Spool::settle() {
  (void)gaps_.flush();  // counted, and tried again the next time
  std::vector<std::pair<SnapshotName, Verdict>> verdicts;
  const auto files = list_state_folder(state_.verdicts());
  if (!files) return fail(files.error());
  for (const auto& file : *files) {
    const auto name = snapshot_name_from(std::string_view(file).substr(0, file.find('.')));
    if (!name || !spooled_.contains(*name)) continue;
    if (auto verdict = verdict_of(*name)) verdicts.emplace_back(*name, std::move(*verdict));
  }
  Settled out;
  for (const auto& [name, verdict] : verdicts) {
    if (auto done = settle_one(name, verdict); !done) return fail(done.error());
    ++(verdict.is_receipt ? out.accepted : out.set_aside);
  }
  if (auto done = prune_accepted(); !done) return fail(done.error());
  count_table_users();
  if (auto done = remove_unused_tables(); !done) return fail(done.error());
  return out;
}

// Of each enrollment the last few stay, because they carry the chain; the oldest go first.
Status Spool::prune_accepted() {
  std::map<std::uint32_t, int> kept;
  std::vector<SnapshotName> old;
  for (auto at = accepted_.rbegin(); at != accepted_.rend(); ++at)
    if (++kept[at->second.host] > std::max(options_.receipts_kept, 1)) old.push_back(at->first);
  for (const auto& name : old) {
    if (auto gone = disk_->remove(state_.accepted() + "/" + to_text(name)); !gone) return gone;
    accepted_.erase(name);
  }
  return {};
}

// Anew each time: which accepted snapshot is the last of its enrollment has changed.
void Spool::count_table_users() {
  for (auto& [digest, table] : tables_) table.users = 0;
  const auto use = [this](const std::string& folder, const SnapshotName& name) {
    if (const auto manifest = manifest_in(folder, name)) use_tables(*manifest, 1);
  };
  for (const auto& [name, entry] : spooled_) use(state_.spool(), name);
  for (const auto& [name, entry] : set_aside_) use(state_.set_aside(), name);
  std::set<std::uint32_t> seen;
  for (auto at = accepted_.rbegin(); at != accepted_.rend(); ++at)
    if (seen.insert(at->second.host).second) use(state_.accepted(), at->first);
}

Status Spool::remove_unused_tables() {
  for (auto at = tables_.begin(); at != tables_.end();) {
    if (at->second.users > 0) {
      ++at;
      continue;
    }
    const auto path = state_.tables() + "/" + table_file_name(at->first);
    if (auto gone = disk_->remove(path); !gone) return gone;
    at = tables_.erase(at);
  }
  return {};
}

}  // namespace assay::agent
