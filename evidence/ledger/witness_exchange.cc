#include "evidence/ledger/witness_exchange.h"

#include <algorithm>
#include <charconv>

#include "evidence/base64.h"
#include "evidence/refusal.h"

namespace assay::evidence {

std::string add_checkpoint_request(std::int64_t old_size, std::span<const Digest> proof,
                                   std::string_view checkpoint) {
  std::string text = "old " + std::to_string(old_size) + "\n";
  for (const auto& hash : proof) text.append(to_base64(hash.raw())).append("\n");
  return text.append("\n").append(checkpoint);
}

Result<Cosignature> cosignature_in(std::string_view answer, std::string_view checkpoint,
                                   const VerifierKey& witness) {
  if (answer.size() > kMaxWitnessAnswerBytes)
    return refuse(Code::kTooLarge, {"the answer is too large", "回覆過大"});
  auto note = note_from_text(checkpoint);
  if (!note) return fail(note.error());
  // What the log's own checkpoint bears already says nothing of this witness.
  note->signatures.clear();
  auto answered = note_from_text(to_text(*note).append(answer));
  // The text of a checkpoint ends at the first empty line, of a note at the last.
  if (!answered || answered->text != note->text)
    return refuse(Code::kInvalidData,
                  {"the answer is not lines of co-signatures", "回覆內容不是共同簽章"});
  const auto vouched = open_note(*answered, std::span(&witness, 1));
  if (!vouched)
    return refuse(Code::kUnauthenticated, {"the answer has no co-signature that its key has made",
                                           "回覆中沒有以其金鑰所作的有效共同簽章"});
  if (witness.kind != KeyKind::kWitness || !vouched->front().at ||
      vouched->front().at->time_since_epoch().count() == 0)
    return refuse(Code::kUnauthenticated, {"a co-signature without a time", "共同簽章未載明時間"});
  const auto line = std::ranges::find_if(answered->signatures, [&](const NoteSignature& candidate) {
    return candidate.name == witness.name && candidate.key_id == witness.id();
  });
  return Cosignature{std::move(*line), *vouched->front().at};
}

Result<std::int64_t> tree_size_in(std::string_view answer) {
  std::int64_t size = -1;
  if (answer.ends_with('\n')) answer.remove_suffix(1);
  const auto parsed = std::from_chars(answer.data(), answer.data() + answer.size(), size);
  if (parsed.ec != std::errc() || size < 0 || size > kMaxTreeSize || std::to_string(size) != answer)
    return refuse(Code::kInvalidData,
                  {"it does not tell what it has seen of the ledger", "未告知其所見的帳本筆數"});
  return size;
}

Result<std::string> with_cosignatures(std::string_view checkpoint,
                                      std::span<const NoteSignature> lines) {
  auto note = note_from_text(checkpoint);
  if (!note) return fail(note.error());
  for (const auto& line : lines)
    if (std::ranges::find(note->signatures, line) == note->signatures.end())
      note->signatures.push_back(line);
  if (note->signatures.size() > kMaxNoteSignatures)
    return fail(Code::kTooLarge, "note: more than 32 signatures");
  return to_text(*note);
}

}  // namespace assay::evidence
