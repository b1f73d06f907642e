#include "agent/courier/ledger_check.h"

#include <algorithm>

#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/entry.h"
#include "evidence/ledger/merkle.h"
#include "evidence/ledger/origin.h"

namespace assay::agent {

namespace {

std::unexpected<Error> alarm(const std::string& what) {
  return fail(Code::kInvalidData, "ledger: " + what);
}

Result<evidence::Proof> proof_of(const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  if (hashes.size() > static_cast<int>(evidence::kMaxProofHashes))
    return fail(Code::kInvalidData, "more hashes than a tree has levels");
  evidence::Proof proof;
  for (const auto& raw : hashes) {
    const auto hash = evidence::Digest::from_raw(raw);
    if (!hash) return fail(hash.error());
    proof.push_back(*hash);
  }
  return proof;
}

Result<evidence::VerifierKey> known_key(const v1::ProveResponse& answer, const evidence::Digest& ca,
                                        const LedgerMemory& memory) {
  if (!memory.key.empty() && answer.verifier_key() != memory.key)
    return alarm("the collector's ledger has another key than it had");
  auto key = evidence::verifier_key_from(answer.verifier_key());
  if (!key) return alarm(key.error().message());
  if (key->kind != evidence::KeyKind::kLog || key->name != evidence::ledger_origin(ca))
    return alarm("its key is not one of a ledger of this machine's CA");
  return key;
}

Status check_growth(const v1::ProveResponse& answer, const evidence::VerifierKey& key,
                    const evidence::TreeHead& head, const LedgerMemory& memory) {
  if (memory.checkpoint.empty()) return {};
  const auto held = evidence::open_checkpoint(memory.checkpoint, key, key.name);
  if (!held) return alarm("the checkpoint that was kept: " + held.error().message());
  const auto& before = held->checkpoint.head;
  const std::string sizes =
      " (" + std::to_string(before.size) + " entries, now " + std::to_string(head.size) + ")";
  if (head.size < before.size) return alarm("it was rewound" + sizes);
  const auto proof = proof_of(answer.consistency());
  if (!proof) return alarm(proof.error().message() + sizes);
  const auto proven = evidence::verify_consistency(before, head, *proof);
  if (!proven) return alarm("it was forked, or its proof is wrong: " + proven.error().message() + sizes);
  return {};
}

// The manifest that is proven by it.
Result<evidence::Digest> check_inclusion(const v1::Inclusion& inclusion,
                                         const evidence::TreeHead& head) {
  const auto digest = evidence::Digest::from_raw(inclusion.manifest_digest());
  const auto entry = evidence::ledger_entry_from(inclusion.entry());
  if (!digest || !entry || entry->digest != *digest)
    return alarm("a proof that is of no manifest");
  const auto proof = proof_of(inclusion.hashes());
  if (!proof) return alarm(proof.error().message());
  const auto proven = evidence::verify_inclusion(
      inclusion.index(), head.size, evidence::leaf_hash(inclusion.entry()), head.root, *proof);
  if (!proven) return alarm("manifest " + digest->hex() + ": " + proven.error().message());
  return *digest;
}

}  // namespace

Status check_ledger_answer(const v1::ProveResponse& answer, const evidence::Digest& ca,
                           evidence::Seconds now, LedgerMemory* memory) {
  const auto key = known_key(answer, ca, *memory);
  if (!key) return fail(key.error());
  const auto opened = evidence::open_checkpoint(answer.checkpoint(), *key, key->name);
  if (!opened) return alarm(opened.error().message());
  const auto& head = opened->checkpoint.head;
  if (auto grown = check_growth(answer, *key, head, *memory); !grown) return grown;
  LedgerMemory next = *memory;
  for (const auto& inclusion : answer.inclusions()) {
    const auto proven = check_inclusion(inclusion, head);
    if (!proven) return fail(proven.error());
    std::erase_if(next.unproven, [&](const Unproven& one) { return one.manifest == *proven; });
  }
  next.key = answer.verifier_key();
  next.checkpoint = answer.checkpoint();
  next.checked = now;
  *memory = std::move(next);
  return {};
}

}  // namespace assay::agent
