#include "cli/terminal/words.h"
#include "cli/views/control_details.h"
#include "cli/views/page.h"
#include "cli/views/record_words.h"

namespace assay::cli {

namespace {

constexpr std::size_t kMostRowsShown = 50;
constexpr std::size_t kMostColumnsAbreast = 7;

class Explanation {
 public:
  Explanation(const Json& json, const Screen& screen)
      : json_(json), language_(screen.language), page_(screen) {}

  std::string write() && {
    head();
    for (const auto& verdict : array_at(json_, "verdicts")) this->verdict(verdict);
    rule();
    controls();
    evidence();
    remedy();
    return std::move(page_).take();
  }

 private:
  std::string say(const Text& text) const { return text.in(language_); }
  void head();
  void verdict(const Json& verdict);
  void waivers(const Json& waivers);
  void parameter(const Json& parameter);
  void rows(const Json& rows, const Text& title, const std::string& count);
  void records(const Grid& grid);
  void rule();
  void controls();
  void evidence();
  void remedy();

  const Json& json_;
  Language language_;
  PageWriter page_;
};

void Explanation::head() {
  const auto& check = object_at(json_, "check");
  const auto& host = object_at(json_, "host");
  const auto& finding = object_at(json_, "finding");
  const auto severity = text_at(check, "severity");
  page_.title(text_at(check, "id") + "  " + severity_word(severity, language_) + "  " +
              words_at(check, "title", language_));
  page_.paragraph(words_at(check, "rationale", language_));
  if (!host.empty())
    page_.field(say({"Host", "主機"}), text_at(host, "name") + ", " + text_at(host, "profile") +
                                           (text_at(host, "os").empty() ? "" : ", ") +
                                           text_at(host, "os"));
  if (finding.empty()) return;
  page_.field(say({"Finding", "發現事項"}), text_at(finding, "id"));
  page_.field(say({"Where", "位置"}), place_of(finding));
  if (text_at(finding, "state") == "waived")
    page_.field(say({"State", "狀態"}), state_word("waived", language_) + " (" +
                                            ids_of(array_at(finding, "waivers")) + ")");
  page_.field(say({"First seen", "首次發現"}), time_at(finding, "first_seen"));
  page_.field(say({"Last seen", "最近發現"}), time_at(finding, "last_seen"));
  if (!text_at(finding, "close_by").empty())
    page_.field(say({"Close by", "處理期限"}), time_at(finding, "close_by"));
  if (!text_at(finding, "resolved_at").empty())
    page_.field(say({"Resolved", "解決時間"}), time_at(finding, "resolved_at"));
  if (text_at(finding, "reopened") != "0")
    page_.field(say({"Came back", "再次出現"}), text_at(finding, "reopened"));
  if (text_at(finding, "confirmed") == "false")
    page_.field(say({"Not confirmed", "未能確認"}),
                say({"the last scan could not look again", "最近一次掃描無法再次查看"}));
}

void Explanation::waivers(const Json& waivers) {
  for (const auto& waiver : waivers) {
    page_.paragraph(say({"Waiver ", "例外 "}) + waiver_line(waiver, language_), 2, Colour::kYellow);
    page_.paragraph(say({"Instead: ", "補償性措施："}) + text_at(waiver, "measure"), 4,
                    Colour::kYellow);
  }
}

void Explanation::parameter(const Json& parameter) {
  const auto value = text_at(parameter, "value");
  const std::string asked = value.empty() ? say({"no figure is asked for", "未訂定數值"}) : value;
  page_.paragraph(text_at(parameter, "name") + " = " + asked + "  " +
                  words_at(parameter, "meaning", language_));
  for (const auto& source : array_at(parameter, "sources"))
    page_.paragraph(text_at(source, "framework") + ": " + words_at(source, "source", language_), 4,
                    Colour::kDim);
}

void Explanation::rows(const Json& rows, const Text& title, const std::string& count) {
  if (rows.empty()) return;
  Json shown = rows;
  if (shown.size() > kMostRowsShown)
    shown.erase(shown.begin() + static_cast<std::ptrdiff_t>(kMostRowsShown), shown.end());
  page_.paragraph(say(title) + " (" + count + ")", 2, Colour::kBold);
  const auto grid = rows_grid(shown);
  // Too many columns to read side by side stand below one another.
  if (grid.headings.size() > kMostColumnsAbreast)
    records(grid);
  else
    page_.table(grid, 4);
  if (shown.size() < rows.size())
    page_.paragraph(say({"… more with -o json", "……其餘請用 -o json"}), 4, Colour::kDim);
}

void Explanation::records(const Grid& grid) {
  for (const auto& row : grid.rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      page_.paragraph(grid.headings[i].name + " = " + row[i].shown, i == 0 ? 4 : 6);
  }
}

void Explanation::verdict(const Json& verdict) {
  const auto state = text_at(verdict, "state");
  const auto frameworks = joined(array_at(verdict, "frameworks"));
  const auto since = text_at(verdict, "since");
  page_.title(state_word(state, language_) +
                  (frameworks.empty() ? "" : "  " + say({"for ", "適用 "}) + frameworks) +
                  (since.empty() ? "" : "  " + say({"since ", "自 "}) + time_at(verdict, "since")),
              state_colour(state));
  page_.paragraph(text_at(verdict, "reason"));
  waivers(array_at(verdict, "waivers"));
  if (text_at(verdict, "rule_has_changed") == "true")
    page_.paragraph(
        say({"The rule has changed since this was judged.", "此規則在判定後已有變更。"}));
  for (const auto& parameter : array_at(verdict, "parameters")) this->parameter(parameter);
  rows(array_at(verdict, "rows"), {"Rows that violate it", "不符合的資料列"},
       text_at(verdict, "row_count"));
  rows(array_at(verdict, "facts"), {"What the verdict rests on", "判定依據"},
       std::to_string(array_at(verdict, "facts").size()));
}

void Explanation::rule() {
  const auto& check = object_at(json_, "check");
  page_.title(say({"The rule (rows it returns violate it)", "規則（查得的資料列即為不符合）"}));
  page_.verbatim(text_at(check, "query"));
  if (const auto applies = text_at(check, "applies"); !applies.empty()) {
    page_.paragraph(say({"It applies where this returns a row:", "下列查詢有結果時才適用："}));
    page_.verbatim(applies, 4);
  }
  for (const auto& derived : array_at(check, "derived")) {
    const auto name = text_at(derived, "name");
    page_.paragraph(
        say({"The table " + name + " is worked out by:", "資料表 " + name + " 由下列查詢產生："}));
    page_.verbatim(text_at(derived, "query"), 4);
  }
}

void Explanation::controls() {
  const auto& all = array_at(json_, "controls");
  if (all.empty()) return;
  page_.title(say({"Clauses", "對應條文"}));
  for (const auto& control : all) {
    const auto proves = text_at(control, "proves");
    const auto& word = word_for(proves == "full"      ? checks::Proves::kFull
                                : proves == "partial" ? checks::Proves::kPartial
                                                      : checks::Proves::kSupporting);
    page_.paragraph(text_at(control, "framework") + " (" + text_at(control, "edition") + ") " +
                    text_at(control, "id") + "  " + words_at(control, "title", language_) + "  [" +
                    say(word) + "]");
    page_.paragraph(words_at(control, "gist", language_), 4);
    write_circumstances(control, language_, &page_);
    if (const auto rest = words_at(control, "not_proven", language_); !rest.empty())
      page_.paragraph(say({"Not proven: ", "未證明："}) + rest, 4, Colour::kYellow);
    if (const auto& attestation = object_at(control, "attestation"); !attestation.empty())
      page_.paragraph(say({"Attested: ", "聲明："}) + attestation_line(attestation, language_), 4,
                      Colour::kGreen);
  }
}

void Explanation::evidence() {
  const auto& evidence = object_at(json_, "evidence");
  if (evidence.empty()) return;
  page_.title(say({"Evidence", "證據"}));
  page_.field(say({"  Snapshot", "  快照"}), text_at(evidence, "snapshot") + " (" +
                                                 text_at(evidence, "sequence") + ", " +
                                                 time_at(evidence, "ended") + ")");
  Grid grid;
  grid.headings = {{"name", {"Table", "資料表"}},
                   {"status", {"Status", "狀態"}},
                   {"rows", {"Rows", "列數"}, true},
                   {"digest", {"SHA-256", "SHA-256"}},
                   {"reason", {"Reason", "原因"}}};
  for (const auto& table : array_at(evidence, "tables"))
    grid.rows.push_back({cell(text_at(table, "name")), cell(text_at(table, "status")),
                         cell(text_at(table, "rows")), cell(text_at(table, "digest")),
                         cell(text_at(table, "reason"))});
  page_.table(grid);
}

void Explanation::remedy() {
  const auto words = words_at(object_at(json_, "check"), "remedy", language_);
  if (words.empty()) return;
  page_.title(say({"What to do", "處理方式"}));
  page_.paragraph(words);
}

// For CSV: one line per violating row, with the verdict it belongs to.
Grid grid_of(const Json& json) {
  Json rows = Json::array();
  for (const auto& verdict : array_at(json, "verdicts"))
    for (const auto& row : array_at(verdict, "rows")) {
      Json line = {{"check", text_at(object_at(json, "check"), "id")},
                   {"host", text_at(object_at(json, "host"), "name")},
                   {"state", text_at(verdict, "state")},
                   {"frameworks", joined(array_at(verdict, "frameworks"))}};
      line.update(row);
      rows.push_back(std::move(line));
    }
  return rows_grid(rows);
}

Answer explanation(Json json, Json whole) {
  Answer answer;
  answer.grid = grid_of(whole);
  answer.text = [whole](const Screen& screen) { return Explanation(whole, screen).write(); };
  answer.json = std::move(json);
  return answer;
}

}  // namespace

Answer explain_view(Json explanation_json, Language) {
  Json whole = explanation_json;
  return explanation(std::move(explanation_json), std::move(whole));
}

Answer check_view(Json check, Language) {
  Json whole = {{"check", check}};
  return explanation(std::move(check), std::move(whole));
}

}  // namespace assay::cli
