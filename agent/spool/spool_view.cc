// What `status` shows of a spool.
#include <filesystem>

#include "agent/spool/spool.h"
#include "evidence/limits.h"

namespace assay::agent {

namespace {

std::int64_t bytes_below(const std::string& folder) {
  std::int64_t sum = 0;
  std::error_code error;
  // A file that goes away while we look is no failure; the sum is a moment old at worst.
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;
    if (at->is_regular_file(gone)) sum += static_cast<std::int64_t>(at->file_size(gone));
  }
  return sum;
}

// The receipt that came last, of the few that are kept.
void look_for_last(const StateFolder& state, const std::vector<SnapshotName>& accepted,
                   SpoolCounts* out) {
  for (const auto& name : accepted) {
    const auto json = read_state_file(state.accepted() + "/" + to_text(name) + "/" + kVerdictFile,
                                      kMaxVerdictBytes);
    const auto verdict = json ? verdict_from_json(*json) : fail(json.error());
    if (out->last_accepted &&
        !(verdict && (!out->last_receipt || out->last_receipt->at <= verdict->at)))
      continue;
    out->last_accepted = name;
    if (verdict) out->last_receipt = *verdict;
  }
}

}  // namespace

SpoolCounts Spool::counts() const {
  SpoolCounts out;
  std::vector<SnapshotName> accepted;
  for (const auto& [name, entry] : accepted_) accepted.push_back(name);
  look_for_last(state_, accepted, &out);
  out.spooled = std::ssize(spooled_);
  out.accepted = std::ssize(accepted_);
  out.set_aside = std::ssize(set_aside_);
  out.gaps = gaps_.count();
  out.bytes = bytes();
  return out;
}

Result<std::string> Spool::last_accepted_manifest() const {
  const auto last = counts().last_accepted;
  if (!last) return fail(Code::kNotFound, "nothing was accepted yet");
  return read_state_file(state_.accepted() + "/" + to_text(*last) + "/" + kManifestFile,
                         evidence::kMaxManifestBytes);
}

Result<SpoolCounts> look_at_spool(const StateFolder& state) {
  SpoolCounts out;
  const auto count = [](const std::string& folder) -> Result<std::vector<SnapshotName>> {
    const auto names = list_state_folder(folder);
    if (!names) return fail(names.error());
    std::vector<SnapshotName> found;
    for (const auto& text : *names)
      if (const auto name = snapshot_name_from(text)) found.push_back(*name);
    return found;
  };
  const auto spooled = count(state.spool());
  if (!spooled) return fail(spooled.error());
  const auto accepted = count(state.accepted());
  if (!accepted) return fail(accepted.error());
  const auto set_aside = count(state.set_aside());
  if (!set_aside) return fail(set_aside.error());
  out.spooled = std::ssize(*spooled);
  out.accepted = std::ssize(*accepted);
  out.set_aside = std::ssize(*set_aside);
  for (const auto& folder : {state.spool(), state.accepted(), state.set_aside(), state.tables()})
    out.bytes += bytes_below(folder);
  Disk unused;
  out.gaps = GapLog(state.gaps(), &unused).count();
  look_for_last(state, *accepted, &out);
  return out;
}

}  // namespace assay::agent
