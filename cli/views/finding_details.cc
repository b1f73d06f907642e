#include "cli/terminal/words.h"
#include "cli/views/page.h"
#include "cli/views/record_words.h"

namespace assay::cli {

namespace {

// "setting=minlen  value=8  required=12"
std::string evidence_of(const Json& finding) {
  const auto& row = object_at(finding, "row");
  std::string out;
  for (const auto& [name, value] : row.items())
    out += (out.empty() ? "" : "  ") + name + '=' +
           (value.is_null() ? std::string("NULL") : text_at(row, name));
  return out;
}

void write(const Json& finding, const Screen& screen, PageWriter* page) {
  const auto language = screen.language;
  const auto severity = text_at(finding, "severity");
  page->title(severity_word(severity, language) + "  " + text_at(finding, "check") + "  " +
                  text_at(object_at(finding, "host"), "name") + "  " +
                  short_id(text_at(finding, "id")),
              severity_colour(severity));
  page->paragraph(words_at(finding, "title", language));
  const auto field = [&](const Text& label, const std::string& text, Colour colour) {
    if (!text.empty()) page->paragraph(label.in(language) + text, 4, colour);
  };
  field({"Evidence: ", "證據："}, evidence_of(finding), Colour::kPlain);
  if (text_at(finding, "confirmed") == "false")
    field({"Not confirmed: ", "未能確認："},
          Text{"the last scan could not look again", "最近一次掃描無法再次查看"}.in(language),
          Colour::kMagenta);
  const bool is_waived = text_at(finding, "state") == "waived";
  for (const auto& waiver : array_at(finding, "waivers"))
    field(is_waived ? Text{"Waived: ", "已核准例外："} : Text{"Waived in part: ", "部分核准例外："},
          waiver_line(waiver, language), Colour::kYellow);
  field({"What to do: ", "處理方式："}, words_at(finding, "remedy", language), Colour::kPlain);
}

}  // namespace

Answer finding_details_view(Json items, Language language) {
  const bool is_empty = items.empty();
  Json shown = items;
  auto answer = findings_view(std::move(items), language);
  if (is_empty) return answer;
  answer.text = [shown = std::move(shown)](const Screen& screen) {
    PageWriter page(screen);
    for (const auto& finding : shown) write(finding, screen, &page);
    return std::move(page).take();
  };
  return answer;
}

}  // namespace assay::cli
