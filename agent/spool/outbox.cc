#include "agent/spool/outbox.h"

#include "evidence/limits.h"
#include "evidence/manifest.h"

namespace assay::agent {

namespace {
// A frame of what cannot be made smaller is a little larger than its content.
constexpr std::size_t kMaxFrameBytes = evidence::kMaxTableBytes + (1U << 20U);
}  // namespace

std::string Outbox::verdict_path(const SnapshotName& name) const {
  return state_.verdicts() + "/" + to_text(name) + ".json";
}

Result<std::set<SnapshotName>> Outbox::names_in(const std::string& folder) const {
  const auto names = list_state_folder(folder);
  if (!names) return fail(names.error());
  std::set<SnapshotName> out;
  for (const auto& text : *names)
    if (const auto name = snapshot_name_from(std::string_view(text).substr(0, text.find('.'))))
      out.insert(*name);
  return out;
}

std::optional<Verdict> Outbox::verdict_of(const SnapshotName& name) const {
  const auto json = read_state_file(verdict_path(name), kMaxVerdictBytes);
  if (!json) return std::nullopt;
  const auto verdict = verdict_from_json(*json);
  return verdict ? std::optional(*verdict) : std::nullopt;
}

Result<std::vector<SnapshotName>> Outbox::waiting() const {
  const auto spooled = names_in(state_.spool());
  if (!spooled) return fail(spooled.error());
  std::vector<SnapshotName> out;
  for (const auto& name : *spooled)
    if (!verdict_of(name)) out.push_back(name);
  // Sent and then lost with the power, its number would be given to another manifest.
  if (!out.empty())
    if (auto synced = sync_folder(state_.spool()); !synced) return fail(synced.error());
  return out;
}

Result<std::string> Outbox::manifest_in(const std::string& folder, const SnapshotName& name) const {
  auto manifest = read_state_file(folder + "/" + to_text(name) + "/" + kManifestFile,
                                  evidence::kMaxManifestBytes);
  if (manifest && evidence::sha256(*manifest) != name.digest)
    return fail(Code::kInvalidData, "the manifest does not have the digest of its name");
  return manifest;
}

std::string Outbox::last_accepted(std::string_view host_id) const {
  std::set<std::pair<SnapshotName, std::string>> candidates;
  if (const auto accepted = names_in(state_.accepted()))
    for (const auto& name : *accepted) candidates.emplace(name, state_.accepted());
  if (const auto spooled = names_in(state_.spool()))
    for (const auto& name : *spooled)
      if (const auto verdict = verdict_of(name); verdict && verdict->is_receipt)
        candidates.emplace(name, state_.spool());
  for (auto at = candidates.rbegin(); at != candidates.rend(); ++at) {
    // One that is moved or pruned while we look is passed over.
    auto bytes = manifest_in(at->second, at->first);
    if (!bytes) continue;
    const auto manifest = evidence::manifest_from_canonical(*bytes);
    if (manifest && manifest->host_id == host_id) return std::move(*bytes);
  }
  return {};
}

Result<WaitingSnapshot> Outbox::load(const SnapshotName& name) const {
  auto manifest = manifest_in(state_.spool(), name);
  if (!manifest) return fail(manifest.error());
  auto signature = read_state_file(state_.spool() + "/" + to_text(name) + "/" + kSignatureFile,
                                   evidence::kMaxSignatureBytes);
  if (!signature) return fail(signature.error());
  return WaitingSnapshot{std::move(*manifest), std::move(*signature)};
}

Result<std::string> Outbox::frame(const evidence::Digest& digest) const {
  return read_state_file(state_.tables() + "/" + table_file_name(digest), kMaxFrameBytes);
}

Status Outbox::record(const SnapshotName& name, const Verdict& verdict) {
  return disk_.write(verdict_path(name), to_json(verdict));
}

Status Outbox::prune() {
  const auto spooled = names_in(state_.spool());
  if (!spooled) return fail(spooled.error());
  const auto verdicts = names_in(state_.verdicts());
  if (!verdicts) return fail(verdicts.error());
  for (const auto& name : *verdicts)
    if (!spooled->contains(name))
      if (auto gone = disk_.remove(verdict_path(name)); !gone) return gone;
  return disk_.clean(state_.verdicts());
}

Outbox::Counts Outbox::counts() const {
  Counts out;
  if (const auto aside = names_in(state_.set_aside())) out.set_aside = std::ssize(*aside);
  const auto spooled = names_in(state_.spool());
  if (!spooled) return out;
  for (const auto& name : *spooled) {
    const auto verdict = verdict_of(name);
    if (!verdict) ++out.spooled;
    if (verdict && !verdict->is_receipt) ++out.set_aside;
  }
  return out;
}

}  // namespace assay::agent
