#include "evidence/verify_logged.h"

#include "evidence/ledger/tlog_proof.h"

namespace assay::evidence {

namespace {

using Outcome = Verification::Outcome;

// That the proof is about this manifest, and leads to the root that its checkpoint states.
Result<Checkpoint> check_form(const TlogProof& proof, const LedgerEntry& entry,
                              const SignedManifest& source, const Manifest& manifest) {
  if (entry.manifest != sha256(source.manifest) || entry.host_id != manifest.host_id ||
      entry.sequence != manifest.sequence)
    return fail(Code::kInvalidData, "the proof of logging is of another manifest");
  const auto note = note_from_text(proof.checkpoint);
  if (!note) return fail(note.error());
  auto checkpoint = checkpoint_from_text(note->text);
  if (!checkpoint) return checkpoint;
  const auto& head = checkpoint->head;
  const auto proven =
      verify_inclusion(proof.index, head.size, leaf_hash(proof.extra), head.root, proof.hashes);
  if (!proven) return fail(proven.error());
  return checkpoint;
}

Text where(const TlogProof& proof, const Checkpoint& checkpoint, const LedgerEntry& entry) {
  const std::string index = std::to_string(proof.index);
  const std::string size = std::to_string(checkpoint.head.size);
  const std::string at = to_timestamp(entry.accepted);
  return {
      "entry " + index + " of " + size + " in the ledger " + checkpoint.origin + ", accepted at " +
          at,
      "帳本 " + checkpoint.origin + " 共 " + size + " 筆中的第 " + index + " 筆，收件時間 " + at};
}

Text seen_by(const std::vector<VouchedBy>& witnesses) {
  Text text;
  for (const auto& [key, at] : witnesses) {
    const std::string when = at ? to_timestamp(*at) : std::string();
    text.en += ", witnessed by " + key.name + " at " + when;
    text.zh_tw += "，由 " + key.name + " 於 " + when + " 見證";
  }
  return text;
}

}  // namespace

std::optional<Verification> check_logged(const SignedManifest& source, const Manifest& manifest,
                                         Text subject, const Trust& trust) {
  const auto line = [&subject](Outcome outcome, Text detail) {
    return Verification{outcome, std::move(subject), std::move(detail)};
  };
  const auto bad = [&line](const Error& error) {
    return line(Outcome::kBad, {error.message(), error.message()});
  };
  if (source.logged.empty() && (!trust.ledger || manifest.host_id.empty())) return std::nullopt;
  if (source.logged.empty())
    return line(Outcome::kBad,
                {"there is no proof that it is in the ledger", "沒有已登載於帳本的證明"});
  const auto proof = tlog_proof_from(source.logged);
  if (!proof) return bad(proof.error());
  const auto entry = ledger_entry_from(proof->extra);
  if (!entry) return bad(entry.error());
  const auto checkpoint = check_form(*proof, *entry, source, manifest);
  if (!checkpoint) return bad(checkpoint.error());
  const Text found = where(*proof, *checkpoint, *entry);
  if (!trust.ledger)
    return line(Outcome::kNotChecked, {found.en + "; not checked without that ledger's public key",
                                       found.zh_tw + "；未提供該帳本的公鑰，無法查驗"});
  const auto opened =
      open_checkpoint(proof->checkpoint, *trust.ledger, trust.ledger->name, trust.witnesses);
  if (!opened) return bad(opened.error());
  const Text seen = seen_by(opened->witnesses);
  return line(Outcome::kGood, {found.en + seen.en, found.zh_tw + seen.zh_tw});
}

}  // namespace assay::evidence
