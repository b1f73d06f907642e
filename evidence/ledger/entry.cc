#include "evidence/ledger/entry.h"

#include <charconv>

#include "evidence/canonical.h"
#include "evidence/host_id.h"
#include "evidence/limits.h"

namespace assay::evidence {

namespace {

// Takes `text` up to `end` and what follows it; nothing when it does not go on like that.
std::string_view take(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  const auto taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return taken;
}

}  // namespace

std::string to_text(const LedgerEntry& entry) {
  std::string text = R"({"assay":"ledger-entry/1","manifest":")";
  text.append(entry.manifest.hex()).append("\",\"host_id\":");
  append_json_string(text, entry.host_id);
  text.append(",\"sequence\":").append(std::to_string(entry.sequence)).append(",\"accepted\":\"");
  return text.append(to_timestamp(entry.accepted)).append("\"}\n");
}

Result<LedgerEntry> ledger_entry_from(std::string_view text) {
  const auto bad = [] { return fail(Code::kInvalidData, "not an entry of a ledger"); };
  if (text.size() > kMaxEntryBytes) return bad();
  std::string_view rest = text;
  if (!take(rest, R"({"assay":"ledger-entry/1","manifest":")").empty()) return bad();
  LedgerEntry entry;
  const auto manifest = Digest::from_hex(take(rest, R"(","host_id":")"));
  entry.host_id = take(rest, R"(","sequence":)");
  const auto sequence = take(rest, R"(,"accepted":")");
  const auto accepted = from_timestamp(take(rest, "\"}\n"));
  const auto parsed =
      std::from_chars(sequence.data(), sequence.data() + sequence.size(), entry.sequence);
  if (!manifest || !accepted || !is_host_id(entry.host_id) || parsed.ec != std::errc() ||
      entry.sequence < 1 || entry.sequence > kMaxSequence)
    return bad();
  entry.manifest = *manifest;
  entry.accepted = *accepted;
  if (to_text(entry) != text) return bad();
  return entry;
}

}  // namespace assay::evidence
