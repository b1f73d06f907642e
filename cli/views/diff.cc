#include "cli/terminal/words.h"
#include "cli/views/diff_page.h"
#include "cli/views/record_words.h"
#include "evidence/refusal.h"

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

// Of those that are counted and not told one by one.
std::int64_t not_listed(const Json& diff, const char* section) {
  const auto& all = object_at(diff, "not_listed");
  const auto rest = all.find(section);
  return rest != all.end() && rest->is_number_integer() ? rest->get<std::int64_t>() : 0;
}

}  // namespace

Grid changes_grid(const Json& diff, Language language) {
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

void write_summary(const Json& diff, const Screen& screen, PageWriter* page) {
  const auto& summary = object_at(diff, "summary");
  const auto field = [&](const Text& label, std::string_view key) {
    page->field(label.in(screen.language), text_at(summary, key));
  };
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

void write_changes(const Json& diff, const Screen& screen, PageWriter* page) {
  for (const auto& section : sections()) {
    const auto& items = array_at(diff, section.name);
    if (items.empty()) continue;
    const auto rest = not_listed(diff, section.name);
    const auto all = static_cast<std::int64_t>(items.size()) + rest;
    page->title(section.title.in(screen.language) + " (" + std::to_string(all) + ")",
                section.colour);
    page->table(section_grid(items, screen.language));
    if (rest > 0)
      page->paragraph(
          phrase({"… and {} more, which are counted only", "……另有 {} 項，僅計數，未列出"}, rest)
              .in(screen.language));
  }
}

Answer diff_view(Json diff, Language language) {
  Answer answer;
  answer.grid = changes_grid(diff, language);
  answer.text = [diff](const Screen& screen) {
    PageWriter page(screen);
    page.title(time_at(diff, "from") + " → " + time_at(diff, "to"));
    write_summary(diff, screen, &page);
    write_changes(diff, screen, &page);
    return std::move(page).take();
  };
  answer.json = std::move(diff);
  return answer;
}

}  // namespace assay::cli
