#include "cli/terminal/words.h"
#include "cli/views/diff_page.h"
#include "evidence/refusal.h"
#include "evidence/timestamp.h"

namespace assay::cli {

namespace {

// The day of a time; with `days` less.
std::string day_at(const Json& json, std::string_view key, int days_before = 0) {
  const auto time = evidence::from_timestamp(text_at(json, key));
  return time ? evidence::to_date(*time - std::chrono::days(days_before)) : std::string("–");
}

std::string percent_at(const Json& standing, std::string_view key) {
  const auto found = standing.find(key);
  const bool is_there = found != standing.end() && found->is_number_integer();
  return percent(is_there ? std::optional(found->get<double>() / 1000) : std::nullopt);
}

Grid frameworks_grid(const Json& report, Language language) {
  Grid grid;
  grid.headings = {{"framework", {"Framework", "規範"}},
                   {"title", {"Title", "名稱"}},
                   {"score_before", {"Score before", "期初符合率"}, true},
                   {"score_after", {"after", "期末符合率"}, true},
                   {"coverage_before", {"Coverage before", "期初涵蓋率"}, true},
                   {"coverage_after", {"after", "期末涵蓋率"}, true}};
  for (const auto& framework : array_at(report, "frameworks")) {
    const auto& before = object_at(framework, "before");
    const auto& after = object_at(framework, "after");
    grid.rows.push_back(
        {cell(text_at(framework, "id")), cell(words_at(framework, "title", language)),
         cell(percent_at(before, "score_permille")), cell(percent_at(after, "score_permille")),
         cell(percent_at(before, "coverage_permille")),
         cell(percent_at(after, "coverage_permille"))});
  }
  return grid;
}

std::string heading_of(const Json& report, Language language) {
  return phrase({"Weekly report {}: {} to {} (UTC)", "週報 {}：{} 至 {}（UTC）"},
                text_at(report, "week"), day_at(report, "from"), day_at(report, "to", 1))
      .in(language);
}

}  // namespace

Answer reports_view(Json items, Language /*language*/) {
  Grid grid;
  grid.headings = {{"week", {"Week", "週次"}},
                   {"since", {"From", "起"}},
                   {"until", {"To", "迄"}},
                   {"made_at", {"Made", "製作時間"}},
                   {"act", {"Act", "作業編號"}, true},
                   {"sha256", {"SHA-256", "SHA-256"}}};
  for (const auto& item : items)
    grid.rows.push_back(
        {cell(text_at(item, "week")),
         cell(day_at(item, "since"), text_at(item, "since"), Colour::kPlain),
         cell(day_at(item, "until", 1), text_at(item, "until"), Colour::kPlain),
         cell(time_at(item, "made_at"), text_at(item, "made_at"), Colour::kPlain),
         cell(text_at(item, "act")),
         cell(short_id(text_at(item, "sha256")), text_at(item, "sha256"), Colour::kPlain)});
  return list_answer(std::move(items), std::move(grid),
                     {"No weekly report was made yet: the first comes when the first week is over.",
                      "尚無週報：第一週結束後即會製作。"});
}

Answer report_view(Json report, Language language) {
  Answer answer;
  answer.grid = changes_grid(report, language);
  answer.text = [report](const Screen& screen) {
    PageWriter page(screen);
    page.title(heading_of(report, screen.language));
    write_summary(report, screen, &page);
    const auto frameworks = frameworks_grid(report, screen.language);
    if (!frameworks.rows.empty()) {
      page.title(Text{"Where the frameworks stood", "各規範的符合率與涵蓋率"}.in(screen.language));
      page.table(frameworks);
    }
    write_changes(report, screen, &page);
    return std::move(page).take();
  };
  answer.json = std::move(report);
  return answer;
}

Answer report_check_view(Json checked, Language language) {
  const auto recorded = text_at(checked, "sha256");
  const auto row = [&](const Text& what, const char* key) {
    const auto digest = text_at(checked, key);
    const bool is_good = digest == recorded;
    return std::vector<Cell>{
        cell(what.in(language)), cell(digest),
        cell((is_good ? Text{"same", "相同"} : Text{"DIFFERENT", "不同"}).in(language),
             is_good ? "same" : "different", is_good ? Colour::kGreen : Colour::kRed)};
  };
  Answer answer;
  answer.grid.headings = {{"what", {"Weekly report", "週報"}},
                          {"sha256", {"SHA-256", "SHA-256"}},
                          {"outcome", {"Outcome", "結果"}}};
  answer.grid.rows = {row({"as it is kept", "現存內容"}, "kept_sha256"),
                      row({"made again from the evidence", "依證據重製"}, "again_sha256")};
  answer.text = [grid = answer.grid, checked](const Screen& screen) {
    const bool is_same = checked.value("is_same", Json()) == true;
    const auto verdict = is_same ? phrase({"Report {} is what it was when it was made: {}.",
                                           "週報 {} 與製作當時完全一致：{}。"},
                                          text_at(checked, "week"), text_at(checked, "sha256"))
                                 : phrase({"Report {} is NOT what it was when it was made: {}.",
                                           "週報 {} 與製作當時不一致：{}。"},
                                          text_at(checked, "week"), text_at(checked, "sha256"));
    return to_table(grid, screen) + '\n' +
           screen.paint(is_same ? Colour::kGreen : Colour::kRed, verdict.in(screen.language)) +
           '\n';
  };
  answer.json = std::move(checked);
  return answer;
}

}  // namespace assay::cli
