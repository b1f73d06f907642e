// What people did, for people.
#include <algorithm>
#include <map>

#include "cli/terminal/act_words.h"
#include "cli/views/page.h"
#include "cli/views/record_words.h"

namespace assay::cli {

namespace {

// What the act is about, by the names under which people ask for it: "W-17 PWD-MINLEN".
std::string subject_of(const Json& act) {
  const auto kind = text_at(act, "kind");
  const auto record = text_at(act, "record");
  const auto& details = object_at(act, "details");
  const auto detail = [&](std::string_view name) { return text_at(details, name); };
  const auto control = [&] { return detail("framework") + ":" + detail("control"); };
  if (details.empty()) return record;
  if (kind == "pack_made") return "PACK-" + record + " " + detail("framework");
  if (kind == "waiver_requested") return "W-" + record + " " + detail("check");
  if (kind == "waiver_decided") return "W-" + detail("waiver");
  if (kind == "attestation_recorded") return "ATT-" + record + " " + control();
  if (kind == "attestation_ended") return "ATT-" + detail("attestation");
  if (kind == "file_attached") return "ATT-" + detail("attestation") + " " + detail("file");
  if (kind == "approved" || kind == "approval_withdrawn")
    return "A-" + record + " " + detail("list");
  if (kind == "register_changed") return detail("host");
  if (kind == "report_made") return detail("week");
  if (kind == "terms_set") return "stale_after_days, organisation";
  return record;
}

std::string outcome_word(const std::string& how, Language language) {
  static const std::map<std::string, Text> kWords = {
      {"approved", {"approved", "核准"}},
      {"rejected", {"rejected", "駁回"}},
      {"revoked", {"revoked", "撤銷"}},
      {"withdrawn", {"withdrawn", "撤回"}},
      {"superseded", {"superseded", "由新聲明取代"}}};
  const auto word = kWords.find(how);
  return word == kWords.end() ? how : word->second.in(language);
}

// How it was decided or ended, behind the kind: "waiver decided: approved".
std::string kind_words(const Json& act, Language language) {
  const auto word = act_word(text_at(act, "kind")).in(language);
  const auto& details = object_at(act, "details");
  const auto how = text_at(details, "decision") + text_at(details, "how");
  return how.empty() ? word : word + Text{": ", "："}.in(language) + outcome_word(how, language);
}

// Nobody's name stands on what the collector did itself, or what was done with root's rights there.
std::string who_did(const Json& act, Language language) {
  const auto name = text_at(act, "name");
  const bool is_nobodys =
      name.empty() && text_at(act, "token").empty() && !object_at(act, "details").empty();
  return is_nobodys ? Text{"(collector)", "（收集伺服器）"}.in(language) : name;
}

Grid acts_grid(const Json& items, Language language) {
  Grid grid;
  grid.headings = {{"number", {"Act", "序號"}, true},
                   {"at", {"When", "時間"}},
                   {"kind", {"What", "作業"}},
                   {"subject", {"About", "對象"}},
                   {"name", {"Who", "人員"}},
                   {"index", {"Ledger", "帳本"}, true},
                   {"record", {}},
                   {"token", {}},
                   {"details", {}},
                   {"sha256", {}}};
  for (const auto& item : items) {
    const auto subject = subject_of(item);
    const auto index = text_at(item, "index");
    grid.rows.push_back(
        {cell(text_at(item, "number")),
         cell(time_at(item, "at"), text_at(item, "at"), Colour::kPlain),
         cell(kind_words(item, language), text_at(item, "kind"), Colour::kPlain),
         cell(short_line(subject), subject, Colour::kPlain),
         cell(who_did(item, language), text_at(item, "name"), Colour::kPlain),
         cell(index.empty() ? "–" : index, index, Colour::kPlain), cell(text_at(item, "record")),
         cell(text_at(item, "token")),
         cell(object_at(item, "details").dump(-1, ' ', false, Json::error_handler_t::replace)),
         cell(text_at(item, "sha256"))});
  }
  return grid;
}

bool is_all_logged(const Json& items) {
  return std::ranges::none_of(items,
                              [](const Json& item) { return text_at(item, "index").empty(); });
}

}  // namespace

Answer acts_view(Json items, Language language) {
  auto grid = acts_grid(items, language);
  const bool is_logged = is_all_logged(items);
  auto answer = list_answer(std::move(items), std::move(grid),
                            {"No act matches.", "沒有符合條件的作業紀錄。"});
  if (is_logged) return answer;
  answer.text = [grid = answer.grid](const Screen& screen) {
    return to_table(grid, screen) + '\n' +
           Text{
               "– is not in the ledger: not yet, or it is not as it was logged. Which of them, "
               "assay verify --collector tells.",
               "標示「–」者，帳本查無此內容：尚未登載，或與登載時不同；可由「assay verify "
               "--collector」查驗。"}
               .in(screen.language) +
           '\n';
  };
  return answer;
}

}  // namespace assay::cli
