#include "cli/terminal/words.h"
#include "cli/views/page.h"
#include "cli/views/record_words.h"

namespace assay::cli {

namespace {

struct Section {
  const char* name;
  Text title;
  Colour colour;
};

const std::array<Section, 6>& sections() {
  static const std::array<Section, 6> kSections = {
      {{"regressed",
        {"Regressed: fixed once, open again", "復發：曾經解決，再度出現"},
        Colour::kRed},
       {"new", {"New", "新增"}, Colour::kRed},
       {"evidence_lost",
        {"Evidence lost: judged before, unknown now", "失去證據：先前可判定，現在無法判定"},
        Colour::kMagenta},
       {"waiver_ended",
        {"Waiver ended: open again, still there", "例外已終止：問題仍在，恢復為未解決"},
        Colour::kRed},
       {"waived", {"Waived: still there, put up with", "已核准例外：問題仍在"}, Colour::kYellow},
       {"fixed", {"Fixed", "已解決"}, Colour::kGreen}}};
  return kSections;
}

std::string cause_word(const std::string& cause, Language language) {
  static const std::map<std::string, Text> kWords = {
      {"new_host", {"new host", "新主機"}},
      {"host_changed", {"the host changed", "主機有變更"}},
      {"rules_changed", {"our rules changed", "規則有變更"}},
      {"host_and_rules_changed", {"host and rules changed", "主機與規則均有變更"}},
      {"reference_or_date_changed", {"reference data or date", "參考資料或日期"}}};
  const auto word = kWords.find(cause);
  return word == kWords.end() ? cause : word->second.in(language);
}

std::string last_column(const Json& item, Language language) {
  const auto cause = text_at(item, "cause");
  if (!cause.empty()) return cause_word(cause, language);
  const auto& waivers = array_at(item, "waivers");
  return waivers.empty() ? text_at(item, "reason") : short_line(waiver_line(waivers[0], language));
}

Grid section_grid(const Json& items, Language language) {
  Grid grid;
  grid.headings = {{"severity", {"Severity", "嚴重度"}}, {"check", {"Check", "檢查"}},
                   {"host", {"Host", "主機"}},           {"title", {"What", "內容"}},
                   {"place", {"Where", "位置"}},         {"why", {"Why it changed", "變更原因"}}};
  for (const auto& item : items) {
    const auto severity = text_at(item, "severity");
    const auto lost = text_at(item, "before");
    grid.rows.push_back(
        {lost.empty() ? cell(severity_word(severity, language), severity, severity_colour(severity))
                      : cell(state_word(lost, language)),
         cell(text_at(item, "check")), cell(text_at(object_at(item, "host"), "name")),
         cell(words_at(item, "title", language)), cell(place_of(item)),
         cell(last_column(item, language))});
  }
  return grid;
}

void summarize(const Json& diff, const Screen& screen, PageWriter* page) {
  const auto& summary = object_at(diff, "summary");
  const auto field = [&](const Text& label, std::string_view key) {
    page->field(label.in(screen.language), text_at(summary, key));
  };
  page->title(time_at(diff, "from") + " → " + time_at(diff, "to"));
  field({"New", "新增"}, "new");
  field({"Regressed", "復發"}, "regressed");
  field({"Fixed", "已解決"}, "fixed");
  field({"Evidence lost", "失去證據"}, "evidence_lost");
  if (text_at(summary, "waived") != "0") field({"Waived", "已核准例外"}, "waived");
  if (text_at(summary, "waiver_ended") != "0")
    field({"Waiver ended", "例外已終止"}, "waiver_ended");
  field({"Unchanged", "未變"}, "unchanged");
  std::string causes;
  for (const auto& [cause, count] : object_at(summary, "causes").items())
    causes += (causes.empty() ? "" : ", ") + cause_word(cause, screen.language) +
              Text{": ", "："}.in(screen.language) + count.dump();
  page->field(Text{"Why", "原因"}.in(screen.language), causes);
}

// For CSV: every change in one list.
Grid whole_grid(const Json& diff, Language language) {
  Grid grid;
  for (const auto& section : sections()) {
    auto part = section_grid(array_at(diff, section.name), language);
    if (grid.headings.empty()) {
      grid.headings = part.headings;
      grid.headings.insert(grid.headings.begin(), {"change", {"Change", "變更"}});
      grid.headings.push_back({"id", {}});
    }
    const auto& items = array_at(diff, section.name);
    for (std::size_t i = 0; i < part.rows.size(); ++i) {
      auto& row = part.rows[i];
      row.insert(row.begin(), cell(section.name));
      row.push_back(cell(text_at(items[i], "id")));
      grid.rows.push_back(std::move(row));
    }
  }
  return grid;
}

}  // namespace

Answer diff_view(Json diff, Language language) {
  Answer answer;
  answer.grid = whole_grid(diff, language);
  answer.text = [diff](const Screen& screen) {
    PageWriter page(screen);
    summarize(diff, screen, &page);
    for (const auto& section : sections()) {
      const auto& items = array_at(diff, section.name);
      if (items.empty()) continue;
      page.title(section.title.in(screen.language) + " (" + std::to_string(items.size()) + ")",
                 section.colour);
      page.table(section_grid(items, screen.language));
    }
    return std::move(page).take();
  };
  answer.json = std::move(diff);
  return answer;
}

}  // namespace assay::cli
