#include "cli/terminal/words.h"
#include "cli/views/page.h"
#include "cli/views/record_words.h"

namespace assay::cli {

namespace {

Grid attestations_grid(const Json& items, Language language) {
  Grid grid;
  grid.headings = {{"id", {"Id", "聲明編號"}},
                   {"state", {"State", "狀態"}},
                   {"framework", {"Framework", "規範"}},
                   {"control", {"Control", "控制項"}},
                   {"hosts", {"Hosts", "主機"}},
                   {"until", {"Until", "到期日"}},
                   {"days_left", {"Days left", "剩餘天數"}, true},
                   {"owner", {"Owner", "負責人"}},
                   {"files", {"Files", "檔案數"}, true},
                   {"statement", {"Statement", "聲明內容"}},
                   {"edition", {}},
                   {"date", {}},
                   {"recorder", {}},
                   {"recorded_at", {}}};
  for (const auto& item : items) {
    const auto state = text_at(item, "state");
    const auto statement = text_at(item, "statement");
    const auto hosts = scope_words(item, language);
    grid.rows.push_back(
        {cell(text_at(item, "id")),
         cell(record_state_word(state, language), state, record_state_colour(state)),
         cell(text_at(item, "framework")), cell(text_at(item, "control")),
         cell(short_line(hosts), hosts, Colour::kPlain), cell(text_at(item, "until")),
         cell(text_at(item, "days_left")), cell(text_at(item, "owner")),
         cell(std::to_string(array_at(item, "files").size())),
         cell(short_line(statement), statement, Colour::kPlain), cell(text_at(item, "edition")),
         cell(text_at(item, "date")), cell(text_at(object_at(item, "recorder"), "name")),
         cell(text_at(item, "recorded_at"))});
  }
  return grid;
}

std::string write(const Json& attestation, const Screen& screen) {
  const auto language = screen.language;
  const auto say = [language](const Text& text) { return text.in(language); };
  const auto state = text_at(attestation, "state");
  PageWriter page(screen);
  page.title(text_at(attestation, "id") + "  " + record_state_word(state, language) + "  " +
                 text_at(attestation, "framework") + " (" + text_at(attestation, "edition") + ") " +
                 text_at(attestation, "control") + "  " + words_at(attestation, "title", language),
             record_state_colour(state));
  page.field(say({"Hosts", "主機"}), scope_words(attestation, language));
  page.field(say({"Statement", "聲明內容"}), text_at(attestation, "statement"));
  page.field(say({"Owner", "負責人"}), text_at(attestation, "owner"));
  page.field(say({"Date", "聲明日"}), text_at(attestation, "date"));
  page.field(say({"Until", "到期日"}), until_words(attestation, language));
  Grid grid;
  grid.headings = {{"name", {"File", "檔案"}},
                   {"bytes", {"Bytes", "位元組"}, true},
                   {"sha256", {"SHA-256", "SHA-256"}},
                   {"by", {"Added by", "上傳者"}}};
  for (const auto& file : array_at(attestation, "files"))
    grid.rows.push_back({cell(text_at(file, "name")), cell(text_at(file, "bytes")),
                         cell(text_at(file, "sha256")),
                         cell(text_at(object_at(file, "by"), "name"))});
  if (!grid.rows.empty()) {
    page.title(say({"Files", "佐證檔案"}));
    page.table(grid);
  }
  page.title(say({"History", "歷程"}));
  for (const auto& act : array_at(attestation, "history"))
    page.paragraph(history_line(act, language));
  return std::move(page).take();
}

}  // namespace

Answer attestations_view(Json items, Language language) {
  auto grid = attestations_grid(items, language);
  return list_answer(std::move(items), std::move(grid),
                     {"No attestation matches.", "沒有符合條件的聲明。"});
}

Answer attestation_view(Json attestation, Language language) {
  Answer answer;
  answer.grid = attestations_grid(Json::array({attestation}), language);
  answer.text = [attestation](const Screen& screen) { return write(attestation, screen); };
  answer.json = std::move(attestation);
  return answer;
}

}  // namespace assay::cli
