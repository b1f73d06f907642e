#include "collector/store/attestation.h"

#include <algorithm>

#include "evidence/canonical.h"
#include "evidence/refusal.h"

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

Text words_for(AttestationState state) {
  const std::string name(name_of(state));
  switch (state) {
    case AttestationState::kInForce: return {name, "有效"};
    case AttestationState::kWithdrawn: return {name, "已撤回"};
    case AttestationState::kSuperseded: return {name, "已由新聲明取代"};
    case AttestationState::kEnded: break;
  }
  return {name, "已屆期"};
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
  if (attestation.framework.empty())
    return refuse(Code::kUsage, {"framework: is missing", "framework：未填寫"});
  if (attestation.control.empty())
    return refuse(Code::kUsage, {"control: is missing", "control：未填寫"});
  if (auto sound = check_scope(attestation.hosts, attestation.groups); !sound) return sound;
  if (attestation.recorder.token_id.empty() || attestation.recorder.name.empty())
    return fail(Code::kInternal, "an attestation is recorded by somebody");
  if (auto sound = check_text("statement", attestation.statement); !sound) return sound;
  if (auto sound = check_text("owner", attestation.owner, kMaxOwnerBytes); !sound) return sound;
  const auto day = evidence::from_date(attestation.attested_on);
  if (!day)
    return refuse(
        Code::kUsage,
        {"date: \"{}\" is no day; write 2026-12-31", "date：「{}」不是日期；請寫成 2026-12-31"},
        attestation.attested_on.substr(0, 40));
  if (*day > attestation.recorded_at)
    return refuse(Code::kUsage, {"date: {} is in the future", "date：{} 尚未到來"},
                  attestation.attested_on);
  if (*day + std::chrono::days(kMaxStatementAgeDays) < attestation.recorded_at)
    return refuse(Code::kUsage, {"date: {} is more than {} days ago", "date：{} 距今超過 {} 天"},
                  attestation.attested_on, kMaxStatementAgeDays);
  if (auto sound = check_until(attestation.until, *day, kMaxAttestationDays); !sound) return sound;
  if (!holds_until(attestation.until, attestation.recorded_at))
    return refuse(Code::kUsage, {"until: {} has passed", "until：{} 已過"}, attestation.until);
  return {};
}

Status check_file_name(std::string_view name) {
  const auto refused = [](const Text& why) {
    return refuse(Code::kUsage, {"the name of a file {}", "檔名{}"}, why);
  };
  if (name.empty()) return refused(phrase({"is missing", "未填寫"}));
  if (name.size() > kMaxFileNameBytes)
    return refused(phrase({"has more than {} bytes", "超過 {} 位元組"}, kMaxFileNameBytes));
  if (name.front() == '.' || name.front() == '-' || name.front() == ' ' || name.back() == '.' ||
      name.back() == ' ')
    return refused(phrase({"begins with a dot, dash or space, or ends with a dot or space",
                           "不得以句點、連字號或空格開頭，亦不得以句點或空格結尾"}));
  while (!name.empty()) {
    const auto length = evidence::utf8_length(name);
    if (length == 0) return refused(phrase({"is not UTF-8", "不是 UTF-8"}));
    if (is_unsafe(name.substr(0, length)))
      return refused(phrase({"holds a separator, wild card, control or direction mark",
                             "不得含有路徑分隔、萬用、控制或改變文字方向的字元"}));
    name.remove_prefix(length);
  }
  return {};
}

Status check_file(const Attestation& attestation, const AttestedFile& file) {
  if (auto sound = check_file_name(file.name); !sound) return sound;
  if (file.bytes < 1) return refuse(Code::kUsage, {"{}: is empty", "{}：是空的"}, file.name);
  if (file.bytes > static_cast<std::int64_t>(kMaxAttestedFileBytes))
    return refuse(Code::kTooLarge, {"{}: larger than {} bytes", "{}：超過 {} 位元組"}, file.name,
                  kMaxAttestedFileBytes);
  if (const auto state = attestation.state_at(file.at); state != AttestationState::kInForce)
    return refuse(Code::kConflict, {"{} takes no more files: it is {}", "{} 不再接受檔案：{}"},
                  attestation.id, words_for(state));
  if (std::ranges::find(attestation.files, file.name, &AttestedFile::name) !=
      attestation.files.end())
    return refuse(Code::kConflict,
                  {"{} has another file of that name; files are never replaced",
                   "{} 已有同名的檔案，且內容不同；檔案一經附上即不得更換"},
                  attestation.id);
  if (attestation.files.size() >= kMaxAttestedFiles)
    return refuse(Code::kConflict, {"{} has {} files already", "{} 已有 {} 個檔案"}, attestation.id,
                  kMaxAttestedFiles);
  return {};
}

}  // namespace assay::collector
