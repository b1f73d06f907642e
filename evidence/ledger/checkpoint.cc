#include "evidence/ledger/checkpoint.h"

#include <charconv>

#include "evidence/base64.h"

namespace assay::evidence {

namespace {

std::unexpected<Error> bad(std::string_view why) {
  return fail(Code::kInvalidData, "checkpoint: " + std::string(why));
}

Result<std::int64_t> size_from(std::string_view text) {
  std::int64_t size = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), size);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      std::to_string(size) != text || size < 0 || size > kMaxTreeSize)
    return bad("its second line is no size of a tree");
  return size;
}

// The next line, without its end; the text's last line must end too.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

std::string to_text(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
                     to_base64(checkpoint.head.root.raw()) + "\n";
  for (const auto& line : checkpoint.extensions) text.append(line).append("\n");
  return text;
}

Result<Checkpoint> checkpoint_from_text(std::string_view text) {
  if (!text.ends_with('\n')) return bad("its last line does not end");
  Checkpoint checkpoint;
  checkpoint.origin = take_line(text);
  if (checkpoint.origin.empty()) return bad("it does not say of which log");
  const auto size = size_from(take_line(text));
  if (!size) return fail(size.error());
  checkpoint.head.size = *size;
  const auto raw = from_base64(take_line(text));
  const auto root = raw ? Digest::from_raw(*raw) : Result<Digest>(fail(raw.error()));
  if (!root) return bad("its third line is no root");
  checkpoint.head.root = *root;
  while (!text.empty()) {
    if (checkpoint.extensions.size() == kMaxExtensionLines)
      return fail(Code::kTooLarge, "checkpoint: more than 16 further lines");
    checkpoint.extensions.emplace_back(take_line(text));
    if (checkpoint.extensions.back().empty()) return bad("an empty line");
  }
  return checkpoint;
}

Result<OpenedCheckpoint> open_checkpoint(std::string_view note, const VerifierKey& log,
                                         std::string_view origin,
                                         std::span<const VerifierKey> witnesses) {
  const auto parsed = note_from_text(note);
  if (!parsed) return fail(parsed.error());
  // The log must have signed, whatever witnesses say.
  const auto by_log = open_note(*parsed, std::span(&log, 1));
  if (!by_log) return fail(by_log.error());
  OpenedCheckpoint opened;
  auto checkpoint = checkpoint_from_text(parsed->text);
  if (!checkpoint) return fail(checkpoint.error());
  if (checkpoint->origin != origin)
    return fail(Code::kUnauthenticated, "checkpoint: of another log");
  opened.checkpoint = std::move(*checkpoint);
  if (witnesses.empty()) return opened;
  auto vouched = open_note(*parsed, witnesses);
  if (vouched) {
    opened.witnesses = std::move(*vouched);
    return opened;
  }
  // None of them has signed, or one of them wrongly.
  for (const auto& line : parsed->signatures)
    for (const auto& witness : witnesses)
      if (witness.name == line.name && witness.id() == line.key_id) return fail(vouched.error());
  return opened;
}

}  // namespace assay::evidence
