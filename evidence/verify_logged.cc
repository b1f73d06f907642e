#include "evidence/verify_logged.h"

#include "evidence/ledger/tlog_proof.h"

namespace assay::evidence {

namespace {

using Outcome = Verification::Outcome;

Text where(const LoggedProof& logged) {
  const auto& [proof, entry, checkpoint] = logged;
  const std::string index = std::to_string(proof.index);
  const std::string size = std::to_string(checkpoint.head.size);
  const std::string at = to_timestamp(entry.accepted);
  return {"entry " + index + " of " + size + " in the ledger " + checkpoint.origin +
              (entry.is_act() ? ", done at " : ", accepted at ") + at,
          "帳本 " + checkpoint.origin + " 共 " + size + " 筆中的第 " + index + " 筆，" +
              (entry.is_act() ? "作業時間 " : "收件時間 ") + at};
}

}  // namespace

Logged logged_of(const SignedManifest& source, const Manifest& manifest) {
  return {{sha256(source.manifest), manifest.host_id, manifest.sequence, {}},
          source.logged,
          source.witnessed};
}

Result<LoggedProof> logged_proof_of(std::string_view text, const LedgerEntry& expected) {
  auto proof = tlog_proof_from(text);
  if (!proof) return fail(proof.error());
  auto entry = ledger_entry_from(proof->extra);
  if (!entry) return fail(entry.error());
  if (entry->digest != expected.digest || entry->host_id != expected.host_id ||
      entry->sequence != expected.sequence ||
      (expected.is_act() && entry->accepted != expected.accepted))
    return fail(Code::kInvalidData, expected.is_act()
                                        ? "the proof of logging is of another act"
                                        : "the proof of logging is of another manifest");
  const auto note = note_from_text(proof->checkpoint);
  if (!note) return fail(note.error());
  auto checkpoint = checkpoint_from_text(note->text);
  if (!checkpoint) return fail(checkpoint.error());
  const auto& head = checkpoint->head;
  const auto proven =
      verify_inclusion(proof->index, head.size, leaf_hash(proof->extra), head.root, proof->hashes);
  if (!proven) return fail(proven.error());
  return LoggedProof{std::move(*proof), std::move(*entry), std::move(*checkpoint)};
}

std::optional<Verification> check_logged(const Logged& what, Text subject, const Trust& trust) {
  const auto line = [&subject](Outcome outcome, Text detail) {
    return Verification{outcome, std::move(subject), std::move(detail)};
  };
  const auto bad = [&line](const Error& error) {
    return line(Outcome::kBad, {error.message(), error.message()});
  };
  // A manifest of a host that was not enrolled has neither.
  const bool is_for_the_ledger = !what.entry.host_id.empty() || what.entry.sequence > 0;
  if (what.proof.empty() && (!trust.ledger || !is_for_the_ledger)) return std::nullopt;
  if (what.proof.empty())
    return line(Outcome::kBad,
                {"there is no proof that it is in the ledger", "沒有已登載於帳本的證明"});
  const auto logged = logged_proof_of(what.proof, what.entry);
  if (!logged) return bad(logged.error());
  const Text found = where(*logged);
  if (!trust.ledger)
    return line(Outcome::kNotChecked, {found.en + "; not checked without that ledger's public key",
                                       found.zh_tw + "；未提供該帳本的公鑰，無法查驗"});
  const auto opened = open_checkpoint(logged->proof.checkpoint, *trust.ledger, trust.ledger->name);
  if (!opened) return bad(opened.error());
  return line(Outcome::kGood, found);
}

std::optional<Seconds> proven_acceptance(const SignedManifest& source, const Manifest& manifest,
                                         const Trust& trust) {
  if (source.logged.empty() || !trust.ledger) return std::nullopt;
  const auto logged = logged_proof_of(source.logged, logged_of(source, manifest).entry);
  if (!logged || !open_checkpoint(logged->proof.checkpoint, *trust.ledger, trust.ledger->name))
    return std::nullopt;
  return logged->entry.accepted;
}

}  // namespace assay::evidence
