// Opening: what is on the disk becomes the spool's picture of itself.
#include <sys/stat.h>

#include "agent/spool/cost.h"
#include "agent/spool/spool.h"
#include "evidence/limits.h"

namespace assay::agent {

namespace {

constexpr std::int64_t kBlockBytes = 4096;

// What a file of that many bytes costs on the disk.
std::int64_t in_blocks(std::int64_t bytes) {
  return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

std::int64_t size_of(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? std::int64_t{status.st_size} : 0;
}

}  // namespace

std::int64_t table_cost(std::size_t frame_bytes) {
  return in_blocks(static_cast<std::int64_t>(frame_bytes));
}

std::int64_t snapshot_cost(std::size_t manifest_bytes) {
  return in_blocks(static_cast<std::int64_t>(manifest_bytes)) + 3 * kBlockBytes;
}

Spool::Spool(const StateFolder& state, SpoolOptions options, Disk disk, FileDescriptor lock)
    : state_(state),
      options_(options),
      disk_(std::make_unique<Disk>(std::move(disk))),
      lock_(std::move(lock)),
      gaps_(state.gaps(), disk_.get()) {}

Result<Spool> Spool::open(const StateFolder& state, SpoolOptions options, Disk disk) {
  if (auto ready = state.prepare(); !ready) return fail(ready.error());
  auto lock = state.lock();
  if (!lock) return fail(lock.error());
  Spool spool(state, options, std::move(disk), std::move(*lock));
  if (auto loaded = spool.load(); !loaded) return fail(loaded.error().within("opening the spool"));
  spool.gaps_.prepare();
  // What fails here, on a full disk for example, is tried again at the next settle().
  (void)spool.settle();
  return spool;
}

Status Spool::load() {
  for (const auto& folder :
       {state_.spool(), state_.accepted(), state_.set_aside(), state_.tables()})
    if (auto clean = disk_->clean(folder); !clean) return clean;
  if (auto done = load_tables(); !done) return done;
  if (auto done = load_entries(state_.spool(), &spooled_); !done) return done;
  if (auto done = load_entries(state_.accepted(), &accepted_); !done) return done;
  return load_entries(state_.set_aside(), &set_aside_);
}

Status Spool::load_tables() {
  const auto names = list_state_folder(state_.tables());
  if (!names) return fail(names.error());
  for (const auto& name : *names)
    if (const auto digest = table_digest_from(name))
      tables_[*digest].bytes = in_blocks(size_of(state_.tables() + "/" + name));
  return {};
}

Status Spool::load_entries(const std::string& folder, Entries* into) {
  const auto names = list_state_folder(folder);
  if (!names) return fail(names.error());
  for (const auto& text : *names)
    if (const auto name = snapshot_name_from(text))
      if (auto done = load_entry(folder, *name, into); !done) return done;
  return {};
}

Status Spool::load_entry(const std::string& folder, const SnapshotName& name, Entries* into) {
  const auto manifest = manifest_in(folder, name);
  Entry entry;
  if (manifest) {
    entry.host = host_index(manifest->host_id);
    entry.bytes = snapshot_cost(
        static_cast<std::size_t>(size_of(folder + "/" + to_text(name) + "/" + kManifestFile)));
    // Accepted snapshots are only remembered, until prune_accepted() knows which is the last.
    use_tables(*manifest, 1);
  } else if (folder != state_.set_aside()) {
    return put_aside_damaged(folder, name, manifest.error());
  }
  into->emplace(name, entry);
  return {};
}

Result<evidence::Manifest> Spool::manifest_in(const std::string& folder,
                                              const SnapshotName& name) const {
  const auto path = folder + "/" + to_text(name) + "/" + kManifestFile;
  const auto bytes = read_state_file(path, evidence::kMaxManifestBytes);
  if (!bytes) return fail(bytes.error());
  if (evidence::sha256(*bytes) != name.digest)
    return fail(Code::kInvalidData, path + " does not have the digest of its name");
  auto manifest = evidence::manifest_from_canonical(*bytes);
  if (!manifest) return fail(manifest.error().within(path));
  if (manifest->sequence != name.sequence)
    return fail(Code::kInvalidData, path + " has another number than its name");
  return manifest;
}

Status Spool::put_aside_damaged(const std::string& folder, const SnapshotName& name,
                                const Error& why) {
  // An accepted one that cannot be read any more is no loss: the collector has it.
  if (folder == state_.accepted()) return disk_->remove(folder + "/" + to_text(name));
  const auto target = state_.set_aside() + "/" + to_text(name);
  if (auto gone = disk_->remove(target); !gone) return gone;
  if (auto moved = disk_->move(folder + "/" + to_text(name), target); !moved) return moved;
  set_aside_.emplace(name, Entry());
  record_gap(GapKind::kDamaged, to_text(name) + ": " + why.message());
  return {};
}

std::uint32_t Spool::host_index(std::string_view host_id) {
  const auto found = std::ranges::find(hosts_, host_id);
  const auto index = found - hosts_.begin();
  if (found == hosts_.end()) hosts_.emplace_back(host_id);
  return static_cast<std::uint32_t>(index);
}

void Spool::use_tables(const evidence::Manifest& manifest, std::int64_t change) {
  for (const auto& entry : manifest.tables) {
    if (!entry.digest) continue;
    const auto found = tables_.find(*entry.digest);
    if (found != tables_.end()) found->second.users += change;
  }
}

}  // namespace assay::agent
