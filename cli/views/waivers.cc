#include "cli/terminal/words.h"
#include "cli/views/page.h"
#include "cli/views/record_words.h"

namespace assay::cli {

namespace {

Grid waivers_grid(const Json& items, Language language) {
  Grid grid;
  grid.headings = {{"id", {"Waiver", "例外編號"}},
                   {"state", {"State", "狀態"}},
                   {"check", {"Check", "檢查"}},
                   {"hosts", {"Hosts", "主機"}},
                   {"until", {"Until", "到期日"}},
                   {"days_left", {"Days left", "剩餘天數"}, true},
                   {"requester", {"Requested by", "申請人"}},
                   {"approver", {"Approved by", "核准人"}},
                   {"reason", {"Reason", "理由"}},
                   {"finding", {}},
                   {"frameworks", {}},
                   {"measure", {}},
                   {"requested_at", {}},
                   {"approved_at", {}}};
  for (const auto& item : items) {
    const auto state = text_at(item, "state");
    const auto reason = text_at(item, "reason");
    const auto hosts = scope_words(item, language);
    grid.rows.push_back(
        {cell(text_at(item, "id")),
         cell(record_state_word(state, language), state, record_state_colour(state)),
         cell(text_at(item, "check")), cell(short_line(hosts), hosts, Colour::kPlain),
         cell(text_at(item, "until")), cell(text_at(item, "days_left")),
         cell(text_at(object_at(item, "requester"), "name")),
         cell(text_at(object_at(item, "approver"), "name")),
         cell(short_line(reason), reason, Colour::kPlain), cell(text_at(item, "finding")),
         cell(joined(array_at(item, "frameworks"))), cell(text_at(item, "measure")),
         cell(text_at(item, "requested_at")), cell(text_at(item, "approved_at"))});
  }
  return grid;
}

std::string write(const Json& waiver, const Screen& screen) {
  const auto language = screen.language;
  const auto say = [language](const Text& text) { return text.in(language); };
  const auto state = text_at(waiver, "state");
  PageWriter page(screen);
  page.title(text_at(waiver, "id") + "  " + record_state_word(state, language) + "  " +
                 text_at(waiver, "check") + "  " + words_at(waiver, "title", language),
             record_state_colour(state));
  page.field(say({"Hosts", "主機"}), scope_words(waiver, language));
  page.field(say({"Finding", "發現事項"}), text_at(waiver, "finding"));
  const auto frameworks = joined(array_at(waiver, "frameworks"));
  page.field(say({"Frameworks", "規範"}), frameworks.empty() ? say({"all", "全部"}) : frameworks);
  page.field(say({"Until", "到期日"}), until_words(waiver, language));
  page.field(say({"Covers", "涵蓋"}),
             text_at(waiver, "findings").empty()
                 ? ""
                 : text_at(waiver, "findings") + say({" open findings", " 項未解決事項"}));
  page.field(say({"Reason", "理由"}), text_at(waiver, "reason"));
  page.field(say({"Instead", "補償性措施"}), text_at(waiver, "measure"));
  page.title(say({"History", "歷程"}));
  for (const auto& act : array_at(waiver, "history")) page.paragraph(history_line(act, language));
  return std::move(page).take();
}

}  // namespace

Answer waivers_view(Json items, Language language) {
  auto grid = waivers_grid(items, language);
  return list_answer(std::move(items), std::move(grid),
                     {"No waiver matches.", "沒有符合條件的例外。"});
}

Answer waiver_view(Json waiver, Language language) {
  Answer answer;
  answer.grid = waivers_grid(Json::array({waiver}), language);
  answer.text = [waiver](const Screen& screen) { return write(waiver, screen); };
  answer.json = std::move(waiver);
  return answer;
}

}  // namespace assay::cli
