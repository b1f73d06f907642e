#include "agent/spool/spool.h"

#include <unistd.h>

#include "agent/spool/cost.h"
#include "evidence/clock.h"
#include "evidence/limits.h"

namespace assay::agent {

namespace {

std::string mebibytes(std::int64_t bytes) {
  constexpr std::int64_t kMebibyte = std::int64_t{1} << 20;
  return std::to_string((bytes + kMebibyte - 1) / kMebibyte) + " MiB";
}

}  // namespace

std::int64_t Spool::bytes() const {
  std::int64_t sum = 0;
  for (const auto* entries : {&spooled_, &accepted_, &set_aside_})
    for (const auto& [name, entry] : *entries) sum += entry.bytes;
  for (const auto& [digest, table] : tables_) sum += table.bytes;
  return sum;
}

std::optional<Spool::Place> Spool::last_of(std::string_view host_id) const {
  const auto known = std::ranges::find(hosts_, host_id);
  if (known == hosts_.end()) return std::nullopt;
  const auto host = static_cast<std::uint32_t>(known - hosts_.begin());
  std::optional<Place> last;
  const auto look = [&](const Entries& entries, const std::string& folder) {
    for (const auto& [name, entry] : entries)
      // A damaged one (no bytes) has lost its host: its number is given again.
      if (entry.host == host && entry.bytes > 0 && (!last || last->name < name))
        last = Place{folder, name};
  };
  look(spooled_, state_.spool());
  look(accepted_, state_.accepted());
  look(set_aside_, state_.set_aside());
  return last;
}

ChainEnd Spool::chain_end(std::string_view host_id) const {
  const auto last = last_of(host_id);
  if (!last) return {};
  return {last->name.sequence + 1, last->name.digest};
}

Result<evidence::Manifest> Spool::last_manifest(std::string_view host_id) const {
  const auto last = last_of(host_id);
  if (!last) return fail(Code::kNotFound, "nothing was spooled yet");
  return manifest_in(last->folder, last->name);
}

bool Spool::has_table(const evidence::Digest& digest) const {
  return tables_.contains(digest);
}

Status Spool::add(const CollectedSnapshot& snapshot) {
  (void)gaps_.flush();  // counted, and tried again the next time
  const auto manifest = evidence::manifest_from_canonical(snapshot.manifest);
  if (!manifest) return fail(manifest.error().within("spooling"));
  const auto end = chain_end(manifest->host_id);
  if (end != ChainEnd{manifest->sequence, manifest->previous})
    return fail(Code::kConflict, "spooling: the manifest does not follow the last one, number " +
                                     std::to_string(end.next_sequence - 1));
  const SnapshotName name{manifest->sequence, evidence::sha256(snapshot.manifest)};
  auto done = store(name, *manifest, snapshot);
  const auto folder = state_.spool() + "/" + to_text(name);
  if (done || ::access(folder.c_str(), F_OK) == 0) {
    // Also when only the last sync failed: the courier may have seen it, so the chain goes on.
    use_tables(*manifest, 1);
    spooled_[name] = {snapshot_cost(snapshot.manifest.size()), host_index(manifest->host_id)};
  }
  if (done) return done;
  (void)remove_unused_tables();  // written in vain; what stays is tried again by settle()
  record_gap(done.error().code() == Code::kNoSpace ? GapKind::kNoSpace : GapKind::kScanFailed,
             done.error().message());
  return done;
}

Status Spool::store(const SnapshotName& name, const evidence::Manifest& manifest,
                    const CollectedSnapshot& snapshot) {
  std::map<evidence::Digest, std::string_view> fresh;
  for (const auto& entry : manifest.tables) {
    if (!entry.digest || tables_.contains(*entry.digest)) continue;
    const auto frame = std::ranges::find(snapshot.frames, *entry.digest,
                                         &decltype(snapshot.frames)::value_type::first);
    if (frame == snapshot.frames.end())
      return fail(Code::kInvalidData, "spooling: the table " + entry.name + " was not handed over");
    fresh.emplace(*entry.digest, frame->second);
  }
  std::int64_t needed = snapshot_cost(snapshot.manifest.size());
  for (const auto& [digest, frame] : fresh) needed += table_cost(frame.size());
  if (const auto held = bytes(); held + needed > options_.max_bytes)
    return fail(Code::kNoSpace, "the spool is full: " + mebibytes(held) + " of " +
                                    mebibytes(options_.max_bytes) + " in use by " +
                                    std::to_string(spooled_.size()) + " snapshots that wait and " +
                                    std::to_string(set_aside_.size()) +
                                    " set aside; nothing was dropped, this scan was not kept");
  for (const auto& [digest, frame] : fresh) {
    const auto path = state_.tables() + "/" + table_file_name(digest);
    if (auto done = disk_->write(path, frame); !done) return done;
    tables_[digest].bytes = table_cost(frame.size());
  }
  return disk_->write_folder(
      state_.spool() + "/" + to_text(name),
      {{kManifestFile, snapshot.manifest}, {kSignatureFile, snapshot.signature}});
}

void Spool::record_gap(GapKind kind, std::string_view detail) {
  gaps_.add(kind, evidence::system_now(), detail);
}

}  // namespace assay::agent
