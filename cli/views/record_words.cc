#include "cli/views/record_words.h"

#include "cli/terminal/width.h"

namespace assay::cli {

namespace {

constexpr std::size_t kShortColumns = 72;

std::string act_word(std::string_view act, Language language) {
  static const std::map<std::string, Text, std::less<>> kWords = {
      {"requested", {"requested by ", "申請："}},  {"approved", {"approved by ", "核准："}},
      {"rejected", {"rejected by ", "駁回："}},    {"revoked", {"revoked by ", "撤銷："}},
      {"recorded", {"recorded by ", "登錄："}},    {"withdrawn", {"withdrawn by ", "撤回："}},
      {"superseded", {"superseded by ", "取代："}}};
  const auto word = kWords.find(act);
  return word == kWords.end() ? std::string(act) + ": " : word->second.in(language);
}

}  // namespace

std::string record_state_word(std::string_view state, Language language) {
  static const std::map<std::string, Text, std::less<>> kWords = {
      {"requested", {"requested", "待核准"}}, {"approved", {"in force", "有效"}},
      {"in_force", {"in force", "有效"}},     {"rejected", {"rejected", "已駁回"}},
      {"revoked", {"revoked", "已撤銷"}},     {"ended", {"ended", "已屆期"}},
      {"withdrawn", {"withdrawn", "已撤回"}}, {"superseded", {"superseded", "已由新聲明取代"}}};
  const auto word = kWords.find(state);
  return word == kWords.end() ? std::string(state) : word->second.in(language);
}

Colour record_state_colour(std::string_view state) {
  if (state == "requested") return Colour::kYellow;
  return state == "approved" || state == "in_force" ? Colour::kGreen : Colour::kDim;
}

std::string waiver_line(const Json& waiver, Language language) {
  const auto say = [language](const Text& text) { return text.in(language); };
  const auto frameworks = joined(array_at(waiver, "frameworks"));
  return text_at(waiver, "id") + say({" until ", " 至 "}) + text_at(waiver, "until") +
         (frameworks.empty() ? "" : say({", for ", "，適用 "}) + frameworks) +
         say({", requested by ", "，申請人 "}) + text_at(waiver, "requester") +
         say({", approved by ", "，核准人 "}) + text_at(waiver, "approver") + say({": ", "："}) +
         text_at(waiver, "reason");
}

std::string attestation_line(const Json& attestation, Language language) {
  const auto say = [language](const Text& text) { return text.in(language); };
  return text_at(attestation, "id") + say({" until ", " 至 "}) + text_at(attestation, "until") +
         say({", attested by ", "，負責人 "}) + text_at(attestation, "owner") +
         say({" on ", "，聲明日 "}) + text_at(attestation, "date") + say({": ", "："}) +
         text_at(attestation, "statement");
}

std::string short_line(const std::string& line) {
  const auto safe = harmless(line.substr(0, line.find('\n')));
  if (width_of(safe) <= kShortColumns && safe.size() >= line.size()) return safe;
  return wrap(safe, kShortColumns).front() + " …";
}

std::string ids_of(const Json& records) {
  std::string out;
  for (const auto& record : records) out += (out.empty() ? "" : ", ") + text_at(record, "id");
  return out;
}

std::string scope_words(const Json& record, Language language) {
  std::string out;
  for (const auto& host : array_at(record, "hosts")) {
    const auto name = text_at(host, "name");
    out += (out.empty() ? "" : ", ") + (name.empty() ? text_at(host, "id") : name);
  }
  const auto named = static_cast<std::int64_t>(array_at(record, "hosts").size());
  const auto count = record.find("host_count");
  if (count != record.end() && count->is_number_integer() && count->get<std::int64_t>() > named)
    out += Text{", and ", "，另有 "}.in(language) +
           std::to_string(count->get<std::int64_t>() - named) + Text{" more", " 台"}.in(language);
  for (const auto& group : array_at(record, "groups"))
    if (group.is_string())
      out += (out.empty() ? "" : ", ") + Text{"group ", "群組 "}.in(language) +
             group.get<std::string>();
  return out.empty() ? Text{"all", "全部"}.in(language) : out;
}

std::string until_words(const Json& record, Language language) {
  const auto days = text_at(record, "days_left");
  if (days.empty()) return text_at(record, "until");
  return text_at(record, "until") + Text{" (", "（剩餘 "}.in(language) + days +
         Text{" days left)", " 天）"}.in(language);
}

std::string history_line(const Json& act, Language language) {
  const auto note = text_at(act, "note");
  return time_at(act, "at") + "  " + act_word(text_at(act, "act"), language) +
         text_at(object_at(act, "by"), "name") +
         (note.empty() ? "" : Text{": ", "："}.in(language) + note);
}

}  // namespace assay::cli
