#include "evidence/ledger/entry.h"

#include <charconv>

#include "evidence/canonical.h"
#include "evidence/host_id.h"
#include "evidence/limits.h"

namespace assay::evidence {

namespace {

constexpr std::string_view kManifest = R"({"assay":"ledger-entry/1","manifest":")";
constexpr std::string_view kAct = R"({"assay":"ledger-act/1","act":")";

// Takes `text` up to `end` and what follows it; nothing when it does not go on like that.
std::string_view take(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  const auto taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return taken;
}

}  // namespace

std::string to_text(const LedgerEntry& entry) {
  std::string text(entry.is_act() ? kAct : kManifest);
  text.append(entry.digest.hex());
  if (entry.is_act()) {
    text.append("\",\"number\":").append(std::to_string(entry.sequence)).append(",\"at\":\"");
  } else {
    text.append("\",\"host_id\":");
    append_json_string(text, entry.host_id);
    text.append(",\"sequence\":").append(std::to_string(entry.sequence)).append(",\"accepted\":\"");
  }
  return text.append(to_timestamp(entry.accepted)).append("\"}\n");
}

Result<LedgerEntry> ledger_entry_from(std::string_view text) {
  const auto bad = [] { return fail(Code::kInvalidData, "not an entry of a ledger"); };
  if (text.size() > kMaxEntryBytes) return bad();
  std::string_view rest = text;
  const bool is_act = text.starts_with(kAct);
  if (!take(rest, is_act ? kAct : kManifest).empty()) return bad();
  LedgerEntry entry;
  const auto digest = Digest::from_hex(take(rest, is_act ? R"(","number":)" : R"(","host_id":")"));
  if (!is_act) entry.host_id = take(rest, R"(","sequence":)");
  const auto number = take(rest, is_act ? R"(,"at":")" : R"(,"accepted":")");
  const auto accepted = from_timestamp(take(rest, "\"}\n"));
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), entry.sequence);
  if (!digest || !accepted || (!is_act && !is_host_id(entry.host_id)) || parsed.ec != std::errc() ||
      entry.sequence < 1 || entry.sequence > kMaxSequence)
    return bad();
  entry.digest = *digest;
  entry.accepted = *accepted;
  if (to_text(entry) != text) return bad();
  return entry;
}

}  // namespace assay::evidence
