#include "checks/engine/applicability.h"

#include <algorithm>
#include <array>

namespace assay::checks {

namespace {

// Each is a condition that one of the documents states; where it does stands beside it.
const std::array<KnownWord, 9>& kinds() {
  static const std::array<KnownWord, 9> kKinds = {{
      // twse-securities: the headings of CC-17010, CC-19000 (9) and (10), CC-23000
      {"internet-order",
       {"securities firms that take orders over the internet", "網際網路下單證券商"}},
      {"co-location", {"securities firms that use co-location", "使用主機共置服務之證券商"}},
      // csma-plan: chapter 14; chapter 9, section 4
      {"government", {"government agencies", "公務機關"}},
      {"develops-systems",
       {"agencies that maintain or develop systems, or have them developed",
        "有維護、自行或委外開發資通系統之機關"}},
      // idb-isp: chapter 2, sections on the rules of the ministry and on table 1; appendix 1, rows
      // 5.3.2, 5.3.3 and 5.4.1; appendix 2, row 3.2.4
      {"consumer-records-5000",
       {"firms that hold 5000 consumers' records or more", "保有消費者個人資料 5000 筆以上之業者"}},
      {"consumer-data-threshold",
       {"firms that hold consumers' data above the threshold that their authority sets",
        "保有消費者個資且達主管機關所定門檻之業者"}},
      {"transfers-abroad", {"firms that send personal data abroad", "有個資國際／境外傳輸之業者"}},
      {"outsources-processing",
       {"firms that have personal data processed by others", "委託他人蒐集、處理或利用個資之業者"}},
      {"rents-cloud",
       {"firms or customers that rent cloud hosts or storage",
        "系統商或客戶租用雲端主機或儲存空間者"}},
  }};
  return kKinds;
}

void add(Text* out, const Text& part) {
  if (!out->en.empty()) {
    out->en += "; ";
    out->zh_tw += "；";
  }
  out->en += part.en;
  out->zh_tw += part.zh_tw;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) out.append(out.empty() ? "" : between).append(word);
  return out;
}

Text profile_words(const std::vector<std::string>& profiles) {
  Text out;
  for (const auto& profile : profiles) {
    const bool is_server = profile == "server";
    out.en += (out.en.empty() ? "" : ", ") + std::string(is_server ? "servers" : "PCs");
    out.zh_tw += (out.zh_tw.empty() ? "" : "、") + std::string(is_server ? "伺服器" : "個人電腦");
  }
  return out;
}

Text kind_words(const std::string& kind) {
  const auto known = std::ranges::find(kinds(), kind, &KnownWord::name);
  return known == kinds().end() ? Text{kind, kind} : known->meaning;
}

Text grade_words(const std::vector<std::string>& grades) {
  return {"agencies of grade " + joined(grades, ", "),
          "資通安全責任等級 " + joined(grades, "、") + " 級機關"};
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

Text why_not_for(const Applicability& applicability, const Addressee& addressee) {
  const auto only_for = [](const Text& whom) {
    return Text{"only for " + whom.en, "僅適用於" + whom.zh_tw};
  };
  const auto& [grade, kinds] = addressee.organisation;
  if (grade && !applicability.grades.empty() && !has(applicability.grades, *grade))
    return only_for(grade_words(applicability.grades));
  if (kinds)
    for (const auto& kind : applicability.kinds)
      if (!has(*kinds, kind)) return only_for(kind_words(kind));
  if (!addressee.profile.empty() && !applicability.profiles.empty() &&
      !has(applicability.profiles, addressee.profile))
    return only_for(profile_words(applicability.profiles));
  if (applicability.is_core_only && addressee.is_core == false)
    return only_for({"core systems", "核心資通系統"});
  return {};
}

bool Applicability::is_empty() const {
  return grades.empty() && kinds.empty() && profiles.empty() && !is_core_only && !is_by_grade &&
         !is_advanced && basis.en.empty();
}

std::span<const KnownWord> known_kinds() {
  return kinds();
}

std::span<const std::string> known_grades() {
  static const std::array<std::string, 5> kGrades = {"A", "B", "C", "D", "E"};
  return kGrades;
}

Text words_for(const Applicability& applicability) {
  Text out;
  if (!applicability.grades.empty()) add(&out, grade_words(applicability.grades));
  for (const auto& kind : applicability.kinds) add(&out, kind_words(kind));
  if (!applicability.profiles.empty()) add(&out, profile_words(applicability.profiles));
  if (applicability.is_core_only) add(&out, {"core systems", "核心資通系統"});
  if (applicability.is_by_grade)
    add(&out, {"as far as the organisation's own grade asks", "依所屬資安等級辦理"});
  if (applicability.is_advanced) add(&out, {"advanced measure (◎)", "進階項目（◎）"});
  if (!applicability.basis.en.empty())
    add(&out, {"by " + applicability.basis.en, "依據" + applicability.basis.zh_tw});
  return out;
}

}  // namespace assay::checks
