#include "evidence/ledger/tlog_proof.h"

#include <charconv>

#include "evidence/base64.h"

namespace assay::evidence {

namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

std::unexpected<Error> bad(std::string_view why) {
  return fail(Code::kInvalidData, "proof of logging: " + std::string(why));
}

}  // namespace

std::string to_text(const TlogProof& proof) {
  std::string text(kHeader);
  if (!proof.extra.empty()) text.append(kExtra).append(to_base64(proof.extra)).append("\n");
  text.append(kIndex).append(std::to_string(proof.index)).append("\n");
  for (const auto& hash : proof.hashes) text.append(to_base64(hash.raw())).append("\n");
  return text.append("\n").append(proof.checkpoint);
}

Result<TlogProof> tlog_proof_from(std::string_view text) {
  if (text.size() > kMaxTlogProofBytes)
    return fail(Code::kTooLarge, "proof of logging: over 160 KiB");
  const std::string_view whole = text;
  if (!text.starts_with(kHeader)) return bad("another kind of file, or version");
  text.remove_prefix(kHeader.size());
  TlogProof proof;
  const auto line = [&text]() -> std::string_view {
    const auto taken = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(taken.size() + 1, text.size()));
    return taken;
  };
  auto next = line();
  if (next.starts_with(kExtra)) {
    auto extra = from_base64(next.substr(kExtra.size()));
    if (!extra || extra->empty() || extra->size() > kMaxExtraBytes) return bad("its extra line");
    proof.extra = std::move(*extra);
    next = line();
  }
  if (!next.starts_with(kIndex)) return bad("no index");
  next.remove_prefix(kIndex.size());
  const auto parsed = std::from_chars(next.data(), next.data() + next.size(), proof.index);
  if (parsed.ec != std::errc() || proof.index < 0 || proof.index >= kMaxTreeSize)
    return bad("its index");
  for (next = line(); !next.empty(); next = line()) {
    if (proof.hashes.size() == kMaxProofHashes) return bad("more hashes than a tree has levels");
    const auto raw = from_base64(next);
    const auto hash = raw ? Digest::from_raw(*raw) : Result<Digest>(fail(raw.error()));
    if (!hash) return bad("a line that is no hash");
    proof.hashes.push_back(*hash);
  }
  proof.checkpoint = text;
  if (auto note = note_from_text(proof.checkpoint); !note) return fail(note.error());
  if (to_text(proof) != whole) return bad("not in the form in which it is written");
  return proof;
}

Result<OpenedCheckpoint> verify_logged(const TlogProof& proof, std::string_view entry,
                                       const VerifierKey& log, std::string_view origin,
                                       std::span<const VerifierKey> witnesses) {
  auto opened = open_checkpoint(proof.checkpoint, log, origin, witnesses);
  if (!opened) return opened;
  const auto& head = opened->checkpoint.head;
  const auto proven =
      verify_inclusion(proof.index, head.size, leaf_hash(entry), head.root, proof.hashes);
  if (!proven) return fail(proven.error());
  return opened;
}

}  // namespace assay::evidence
