// Score and coverage by host and group, and how regularly controls were looked at.
#include "cli/terminal/words.h"
#include "cli/views/views.h"

namespace assay::cli {

namespace {

Cell part(const Json& item, std::string_view key) {
  const auto found = item.find(key);
  const bool is_there = found != item.end() && found->is_number();
  return cell(percent(is_there ? std::optional(found->get<double>()) : std::nullopt),
              text_at(item, key), Colour::kPlain);
}

std::string roll_name(const Json& item, Language language) {
  const auto name = text_at(item, "name");
  if (!name.empty()) return name;
  return (text_at(item, "by") == "group" ? Text{"(in no group)", "（未歸入群組）"}
                                         : Text{"(fleet)", "（全部主機）"})
      .in(language);
}

bool has_evidence(const Json& period) {
  const auto found = period.find("has_evidence");
  return found != period.end() && found->is_boolean() && found->get<bool>();
}

// "2026-03 on 4 hosts, 2026-05 to 2026-10": the periods without evidence; those that follow one
// another, on as many hosts, in one.
std::string missing_text(const Json& item, Language language) {
  struct Run {
    std::string first, last, hosts;
    std::size_t length = 1;
  };
  std::vector<Run> runs;
  bool goes_on = false;
  for (const auto& period : array_at(item, "periods")) {
    const bool is_missing = !has_evidence(period);
    const auto name = text_at(period, "name");
    const auto hosts = text_at(period, "missing");
    if (is_missing && goes_on && runs.back().hosts == hosts)
      runs.back().last = name, ++runs.back().length;
    else if (is_missing)
      runs.push_back({name, name, hosts});
    goes_on = is_missing;
  }
  const bool is_chinese = language == Language::kChinese;
  const std::string comma = is_chinese ? "、" : ", ";
  std::string out;
  for (const auto& [first, last, hosts, length] : runs) {
    if (!out.empty()) out += comma;
    out += first;
    if (length == 2) out += comma + last;
    if (length > 2) out += (is_chinese ? " 至 " : " to ") + last;
    if (hosts == "0") continue;
    out +=
        is_chinese ? "（" + hosts + " 台）" : " on " + hosts + (hosts == "1" ? " host" : " hosts");
  }
  return out;
}

}  // namespace

Answer posture_view(Json items, Language language) {
  Answer answer;
  answer.grid.headings = {{"name", {"Of", "範圍"}},
                          {"framework", {"Framework", "規範"}},
                          {"hosts", {"Hosts", "主機數"}, true},
                          {"stale_hosts", {"Stale", "逾時未回報"}, true},
                          {"score", {"Score", "符合率"}, true},
                          {"coverage", {"Coverage", "涵蓋率"}, true},
                          {"by", {}},
                          {"host_id", {}},
                          {"edition", {}}};
  for (const auto& item : items)
    answer.grid.rows.push_back(
        {cell(roll_name(item, language), text_at(item, "name"), Colour::kPlain),
         cell(text_at(item, "framework")), cell(text_at(item, "hosts")),
         cell(text_at(item, "stale_hosts")), part(item, "score"), part(item, "coverage"),
         cell(text_at(item, "by")), cell(text_at(item, "host_id")),
         cell(text_at(item, "edition"))});
  if (answer.grid.rows.empty())
    answer.text = [](const Screen& screen) {
      return Text{"No host matches.", "沒有符合條件的主機。"}.in(screen.language) + '\n';
    };
  answer.json = std::move(items);
  return answer;
}

Answer cadence_view(Json items, Language language) {
  Answer answer;
  answer.grid.headings = {
      {"framework", {"Framework", "規範"}}, {"id", {"Control", "控制項"}},
      {"title", {"Title", "名稱"}},         {"by", {"By", "來源"}},
      {"frequency", {"Frequency", "頻率"}}, {"with_evidence", {"Evidence", "具備證據"}},
      {"missing", {"Missing", "缺漏"}},     {"of", {}}};
  static const std::map<std::string, Text> kFrequencies = {
      {"monthly", {"monthly", "每月"}},
      {"quarterly", {"quarterly", "每季"}},
      {"half-yearly", {"half-yearly", "每半年"}},
      {"yearly", {"yearly", "每年"}},
      {"two-yearly", {"every two years", "每二年"}}};
  const auto by = [](const Json& item) {
    return text_at(item, "by") == "attestations" ? Text{"people", "聲明"} : Text{"checks", "檢查"};
  };
  for (const auto& item : items) {
    const auto frequency = text_at(item, "frequency");
    const auto known = kFrequencies.find(frequency);
    const auto there = text_at(item, "with_evidence");
    const auto of = text_at(item, "of");
    const auto shown =
        language == Language::kChinese ? of + " 期中 " + there + " 期" : there + " of " + of;
    answer.grid.rows.push_back(
        {cell(text_at(item, "framework")), cell(text_at(item, "id")),
         cell(words_at(item, "title", language)),
         cell(by(item).in(language), text_at(item, "by"), Colour::kPlain),
         cell(known == kFrequencies.end() ? frequency : known->second.in(language), frequency,
              Colour::kPlain),
         cell(shown, there, there == of ? Colour::kGreen : Colour::kYellow),
         cell(missing_text(item, language)), cell(of)});
  }
  if (answer.grid.rows.empty())
    answer.text = [](const Screen& screen) {
      return Text{"No control has a frequency.", "沒有訂有頻率的控制項。"}.in(screen.language) +
             '\n';
    };
  answer.json = std::move(items);
  return answer;
}

}  // namespace assay::cli
