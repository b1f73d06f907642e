#include "collector/store/attestation.h"

#include <algorithm>

#include "evidence/canonical.h"

namespace assay::collector {
namespace {

// Marks that turn the writing direction make one name look like another: U+200E, U+200F,
// U+202A … U+202E, U+2066 … U+2069 (Unicode Standard Annex 9), in UTF-8.
bool is_direction_mark(std::string_view letter) {
  if (letter.size() != 3 || letter[0] != '\xe2') return false;
  const auto second = static_cast<unsigned char>(letter[1]);
  const auto third = static_cast<unsigned char>(letter[2]);
  if (second == 0x80) return third == 0x8e || third == 0x8f || (third >= 0xaa && third <= 0xae);
  return second == 0x81 && third >= 0xa6 && third <= 0xa9;
}

// Also the separators and wild cards of Windows.
bool is_unsafe(std::string_view letter) {
  const auto first = static_cast<unsigned char>(letter[0]);
  const bool is_control =
      first < 0x20 || first == 0x7f ||
      (letter.size() == 2 && first == 0xc2 && static_cast<unsigned char>(letter[1]) < 0xa0);
  return is_control || is_direction_mark(letter) ||
         (letter.size() == 1 && std::string_view("/\\:*?\"<>|").contains(letter[0]));
}

}  // namespace

std::string_view name_of(AttestationAct::Kind kind) {
  return kind == AttestationAct::Kind::kWithdrawn ? "withdrawn" : "superseded";
}

std::string_view name_of(AttestationState state) {
  switch (state) {
    case AttestationState::kInForce: return "in_force";
    case AttestationState::kWithdrawn: return "withdrawn";
    case AttestationState::kSuperseded: return "superseded";
    case AttestationState::kEnded: return "ended";
  }
  return "ended";
}

std::optional<AttestationState> attestation_state_from(std::string_view name) {
  for (const auto state : {AttestationState::kInForce, AttestationState::kWithdrawn,
                           AttestationState::kSuperseded, AttestationState::kEnded})
    if (name_of(state) == name) return state;
  return std::nullopt;
}

AttestationState Attestation::state_at(evidence::Seconds when) const {
  for (const auto& act : acts)
    if (act.at <= when)
      return act.kind == AttestationAct::Kind::kWithdrawn ? AttestationState::kWithdrawn
                                                          : AttestationState::kSuperseded;
  return holds_until(until, when) ? AttestationState::kInForce : AttestationState::kEnded;
}

Status check_attestation(const Attestation& attestation) {
  if (attestation.framework.empty()) return fail(Code::kUsage, "framework: is missing");
  if (attestation.control.empty()) return fail(Code::kUsage, "control: is missing");
  if (auto sound = check_scope(attestation.hosts, attestation.groups); !sound) return sound;
  if (attestation.recorder.token_id.empty() || attestation.recorder.name.empty())
    return fail(Code::kInternal, "an attestation is recorded by somebody");
  if (auto sound = check_text("statement", attestation.statement); !sound) return sound;
  if (auto sound = check_text("owner", attestation.owner, kMaxOwnerBytes); !sound) return sound;
  const auto day = evidence::from_date(attestation.attested_on);
  if (!day)
    return fail(Code::kUsage, "date: \"" + attestation.attested_on.substr(0, 40) +
                                  "\" is no day; write 2026-12-31");
  if (*day > attestation.recorded_at)
    return fail(Code::kUsage, "date: " + attestation.attested_on + " is in the future");
  if (*day + std::chrono::days(kMaxStatementAgeDays) < attestation.recorded_at)
    return fail(Code::kUsage, "date: " + attestation.attested_on + " is more than " +
                                  std::to_string(kMaxStatementAgeDays) + " days ago");
  if (auto sound = check_until(attestation.until, *day, kMaxAttestationDays); !sound) return sound;
  if (!holds_until(attestation.until, attestation.recorded_at))
    return fail(Code::kUsage, "until: " + attestation.until + " has passed");
  return {};
}

Status check_file_name(std::string_view name) {
  const auto refused = [](std::string_view why) {
    return fail(Code::kUsage, "the name of a file " + std::string(why));
  };
  if (name.empty()) return refused("is missing");
  if (name.size() > kMaxFileNameBytes)
    return refused("has more than " + std::to_string(kMaxFileNameBytes) + " bytes");
  if (name.front() == '.' || name.front() == '-' || name.front() == ' ' || name.back() == '.' ||
      name.back() == ' ')
    return refused("begins with a dot, dash or space, or ends with a dot or space");
  while (!name.empty()) {
    const auto length = evidence::utf8_length(name);
    if (length == 0) return refused("is not UTF-8");
    if (is_unsafe(name.substr(0, length)))
      return refused("holds a separator, wild card, control or direction mark");
    name.remove_prefix(length);
  }
  return {};
}

Status check_file(const Attestation& attestation, const AttestedFile& file) {
  if (auto sound = check_file_name(file.name); !sound) return sound;
  if (file.bytes < 1) return fail(Code::kUsage, file.name + ": is empty");
  if (file.bytes > static_cast<std::int64_t>(kMaxAttestedFileBytes))
    return fail(Code::kTooLarge,
                file.name + ": larger than " + std::to_string(kMaxAttestedFileBytes) + " bytes");
  if (const auto state = attestation.state_at(file.at); state != AttestationState::kInForce)
    return fail(Code::kConflict,
                attestation.id + " takes no more files: it is " + std::string(name_of(state)));
  if (std::ranges::find(attestation.files, file.name, &AttestedFile::name) !=
      attestation.files.end())
    return fail(Code::kConflict,
                attestation.id + " has another file of that name; files are never replaced");
  if (attestation.files.size() >= kMaxAttestedFiles)
    return fail(Code::kConflict,
                attestation.id + " has " + std::to_string(kMaxAttestedFiles) + " files already");
  return {};
}

}  // namespace assay::collector
