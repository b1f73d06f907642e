#include "cli/terminal/width.h"
#include "cli/terminal/words.h"
#include "cli/views/record_words.h"

namespace assay::cli {

namespace {

Cell severity_cell(const Json& item, Language language) {
  const auto name = text_at(item, "severity");
  return cell(severity_word(name, language), name, severity_colour(name));
}

Cell state_cell(const Json& item, Language language) {
  const auto name = text_at(item, "state");
  return cell(state_word(name, language), name, state_colour(name));
}

Cell time_cell(const Json& item, std::string_view key) {
  return cell(time_at(item, key), text_at(item, key), Colour::kPlain);
}

Cell part_cell(const Json& item, std::string_view key) {
  const auto found = item.find(key);
  const bool is_there = found != item.end() && found->is_number();
  const auto part = is_there ? std::optional(found->get<double>()) : std::nullopt;
  return cell(percent(part), text_at(item, key), Colour::kPlain);
}

// "W-1 until 2026-12-31, …" for each, cut for a table.
std::string waiver_lines(const Json& item, Language language) {
  std::string out;
  for (const auto& waiver : array_at(item, "waivers"))
    out += (out.empty() ? "" : "; ") + short_line(waiver_line(waiver, language));
  return out;
}

// Why a control is not simply pass or fail: the reason, and what people have put on record.
std::string why(const Json& control, Language language) {
  auto out = words_at(control, "not_addressed", language);
  if (out.empty()) out = text_at(control, "reason");
  const auto waivers = waiver_lines(control, language);
  if (!waivers.empty()) out += (out.empty() ? "" : "; ") + waivers;
  for (const auto& attestation : array_at(control, "attestations"))
    out += (out.empty() ? "" : "; ") + short_line(attestation_line(attestation, language));
  return out;
}

bool has_waivers(const Json& items) {
  return std::ranges::any_of(items,
                             [](const Json& item) { return !array_at(item, "waivers").empty(); });
}

}  // namespace

Answer list_answer(Json items, Grid grid, const Text& nothing) {
  Answer answer;
  if (grid.rows.empty())
    answer.text = [nothing](const Screen& screen) { return nothing.in(screen.language) + '\n'; };
  answer.json = std::move(items);
  answer.grid = std::move(grid);
  return answer;
}

Answer hosts_view(Json items, bool of_then) {
  Grid grid;
  grid.headings = {{"name", {"Host", "主機"}},
                   {"profile", {"Profile", "類型"}},
                   {"os", {"System", "作業系統"}},
                   {"critical", {"Critical", "嚴重"}, true},
                   {"high", {"High", "高"}, true},
                   {"medium", {"Medium", "中"}, true},
                   {"last_seen", {"Last seen", "最近回報"}},
                   {"state", {"State", "狀態"}},
                   {"low", {}},
                   {"info", {}},
                   {"waived", {}},
                   {"id", {"Id", "識別碼"}},
                   {"enrolled_at", {}},
                   {"last_snapshot", {}},
                   {"last_sequence", {}}};
  for (const auto& host : items) {
    const auto& open = object_at(host, "open_findings");
    const bool is_active = text_at(host, "state") == "active";
    grid.rows.push_back({cell(text_at(host, "name")), cell(text_at(host, "profile")),
                         cell(text_at(host, "os")), cell(text_at(open, "critical")),
                         cell(text_at(open, "high")), cell(text_at(open, "medium")),
                         time_cell(host, "last_seen"),
                         cell(text_at(host, "state"), text_at(host, "state"),
                              is_active ? Colour::kPlain : Colour::kRed),
                         cell(text_at(open, "low")), cell(text_at(open, "info")),
                         cell(text_at(host, "waived_findings")), cell(text_at(host, "id")),
                         cell(text_at(host, "enrolled_at")), cell(text_at(host, "last_snapshot")),
                         cell(text_at(host, "last_sequence"))});
  }
  return list_answer(std::move(items), std::move(grid),
                     of_then ? Text{"No host was enrolled then.", "當時尚無主機完成註冊。"}
                             : Text{"No host is enrolled yet.", "尚無主機完成註冊。"});
}

Answer findings_view(Json items, Language language) {
  Grid grid;
  grid.headings = {{"severity", {"Severity", "嚴重度"}},
                   {"check", {"Check", "檢查"}},
                   {"host", {"Host", "主機"}},
                   {"title", {"What is wrong", "問題"}},
                   {"place", {"Where", "位置"}},
                   {"first_seen", {"Since", "發現日"}},
                   {"close_by", {"Close by", "處理期限"}},
                   // Only where there is one: most lists have none.
                   {"waivers", has_waivers(items) ? Text{"Waiver", "例外"} : Text{}},
                   {"id", {"Id", "編號"}},
                   {"host_id", {}},
                   {"state", {}},
                   {"confirmed", {}},
                   {"frameworks", {}},
                   {"row", {}},
                   {"last_seen", {}},
                   {"resolved_at", {}},
                   {"reopened", {}},
                   {"remedy", {}},
                   {"snapshot", {}},
                   {"opened_at", {}},
                   {"overdue", {}}};
  for (const auto& item : items) {
    const auto& host = object_at(item, "host");
    const auto id = text_at(item, "id");
    const auto since = text_at(item, "first_seen");
    const auto until = text_at(item, "close_by");
    const bool is_overdue = text_at(item, "overdue") == "true";
    grid.rows.push_back(
        {severity_cell(item, language),
         cell(text_at(item, "check")),
         cell(text_at(host, "name")),
         cell(words_at(item, "title", language)),
         cell(place_of(item)),
         cell(since.substr(0, 10), since, Colour::kPlain),
         cell(until.substr(0, 10), until, is_overdue ? Colour::kRed : Colour::kPlain),
         cell(waiver_lines(item, language), ids_of(array_at(item, "waivers")),
              state_colour("waived")),
         cell(short_id(id), id, Colour::kDim),
         cell(text_at(host, "id")),
         cell(text_at(item, "state")),
         cell(text_at(item, "confirmed")),
         cell(joined(array_at(item, "frameworks"))),
         cell(text_at(item, "row")),
         cell(text_at(item, "last_seen")),
         cell(text_at(item, "resolved_at")),
         cell(text_at(item, "reopened")),
         cell(words_at(item, "remedy", language)),
         cell(text_at(item, "snapshot")),
         cell(text_at(item, "opened_at")),
         cell(text_at(item, "overdue"))});
  }
  return list_answer(std::move(items), std::move(grid),
                     {"No finding matches.", "沒有符合條件的發現事項。"});
}

Answer scan_view(Json asked, Language) {
  Answer answer;
  const auto name = text_at(object_at(asked, "host"), "name");
  answer.grid.headings = {{"host", {"Host", "主機"}}, {"asked_at", {"Asked", "請求時間"}}};
  answer.grid.rows = {{cell(name), time_cell(asked, "asked_at")}};
  answer.text = [name](const Screen& screen) {
    return harmless(name) +
           Text{" is asked; its agent scans within a minute at most.",
                " 已收到請求，代理程式最遲於一分鐘內開始掃描。"}
               .in(screen.language) +
           '\n';
  };
  answer.json = std::move(asked);
  return answer;
}

Answer controls_view(Json items, Language language) {
  Grid grid;
  grid.headings = {{"framework", {"Framework", "規範"}},
                   {"id", {"Control", "控制項"}},
                   {"state", {"State", "結果"}},
                   {"title", {"Title", "名稱"}},
                   {"checks", {"Checks", "檢查"}},
                   {"reason", {"Reason", "原因"}},
                   {"edition", {}},
                   {"mode", {}},
                   {"automated", {}},
                   {"frequency", {}},
                   {"location", {}},
                   {"gist", {}},
                   {"applies_to", {}},
                   {"effective", {}},
                   {"remains", {}},
                   {"not_mapped", {}},
                   {"waivers", {}},
                   {"attestations", {}}};
  for (const auto& item : items)
    grid.rows.push_back(
        {cell(text_at(item, "framework")), cell(text_at(item, "id")), state_cell(item, language),
         cell(words_at(item, "title", language)), cell(joined(array_at(item, "checks"))),
         cell(why(item, language), text_at(item, "reason"), Colour::kPlain),
         cell(text_at(item, "edition")), cell(text_at(item, "mode")),
         cell(text_at(item, "automated")), cell(text_at(item, "frequency")),
         cell(words_at(item, "location", language)), cell(words_at(item, "gist", language)),
         cell(words_at(object_at(item, "applies_to"), "words", language)),
         cell(text_at(item, "effective")), cell(words_at(item, "remains", language)),
         cell(words_at(item, "not_mapped", language)), cell(ids_of(array_at(item, "waivers"))),
         cell(ids_of(array_at(item, "attestations")))});
  return list_answer(std::move(items), std::move(grid),
                     {"No control matches.", "沒有符合條件的控制項。"});
}

Answer frameworks_view(Json items, Language language) {
  Grid grid;
  grid.headings = {{"id", {"Framework", "規範"}},
                   {"edition", {}},
                   {"title", {"Title", "名稱"}},
                   {"score", {"Score", "符合率"}, true},
                   {"coverage", {"Coverage", "涵蓋率"}, true},
                   {"pass", {"Pass", "符合"}, true},
                   {"fail", {"Fail", "不符合"}, true},
                   {"unknown", {"Unknown", "無法判定"}, true},
                   {"stale", {"Stale", "逾時未回報"}, true},
                   {"waived", {"Waived", "例外"}, true},
                   {"attested", {"Attested", "已聲明"}, true},
                   {"controls_in_document", {}, true}};
  for (const auto& item : items) {
    const auto& controls = object_at(item, "controls");
    const auto count = [&controls](std::string_view state) {
      const auto text = text_at(controls, state);
      return cell(text.empty() ? "0" : text);
    };
    grid.rows.push_back({cell(text_at(item, "id")), cell(text_at(item, "edition")),
                         cell(words_at(item, "title", language)), part_cell(item, "score"),
                         part_cell(item, "coverage"), count("pass"), count("fail"),
                         count("unknown"), count("stale"), count("waived"),
                         cell(text_at(item, "attested")),
                         cell(text_at(item, "controls_in_document"))});
  }
  return list_answer(std::move(items), std::move(grid),
                     {"No framework is loaded.", "尚未載入任何規範。"});
}

Answer snapshots_view(Json items, Language language) {
  Grid grid;
  grid.headings = {{"host_name", {"Host", "主機"}},
                   {"sequence", {"Number", "序號"}, true},
                   {"ended", {"Taken", "掃描時間"}},
                   {"accepted_at", {"Accepted", "收件時間"}},
                   {"signed", {"Signed", "已簽章"}},
                   {"id", {"Snapshot", "快照"}},
                   {"host", {}},
                   {"previous", {}},
                   {"certificate_serial", {}}};
  // A column for what is the exception.
  const bool is_any_removed = std::ranges::any_of(
      items, [](const Json& item) { return !text_at(item, "removed_at").empty(); });
  grid.headings.push_back({"removed_at", is_any_removed ? Text{"Removed", "期滿移除"} : Text()});
  for (const auto& item : items)
    grid.rows.push_back(
        {cell(text_at(item, "host_name")), cell(text_at(item, "sequence")),
         time_cell(item, "ended"), time_cell(item, "accepted_at"),
         cell((text_at(item, "signed") == "true" ? Text{"yes", "是"} : Text{"no", "否"})
                  .in(language),
              text_at(item, "signed"), Colour::kPlain),
         cell(text_at(item, "id")), cell(text_at(item, "host")), cell(text_at(item, "previous")),
         cell(text_at(item, "certificate_serial")), time_cell(item, "removed_at")});
  return list_answer(std::move(items), std::move(grid), {"No snapshot is there.", "尚無快照。"});
}

Answer snapshot_view(Json snapshot, Language) {
  Grid grid;
  grid.headings = {{"name", {"Table", "資料表"}},
                   {"status", {"Status", "狀態"}},
                   {"rows", {"Rows", "列數"}, true},
                   {"bytes", {"Bytes", "位元組"}, true},
                   {"ms", {"ms", "毫秒"}, true},
                   {"digest", {"SHA-256", "SHA-256"}},
                   {"collected", {"Repeated from", "沿用自"}},
                   {"reason", {"Reason", "原因"}}};
  for (const auto& table : array_at(object_at(snapshot, "manifest"), "tables")) {
    const auto status = text_at(table, "status");
    const auto digest = text_at(table, "digest");
    grid.rows.push_back({cell(text_at(table, "name")),
                         cell(status, status, status == "ok" ? Colour::kGreen : Colour::kMagenta),
                         cell(text_at(table, "rows")), cell(text_at(table, "bytes")),
                         cell(text_at(table, "ms")), cell(short_id(digest), digest, Colour::kDim),
                         cell(text_at(table, "collected")), cell(text_at(table, "reason"))});
  }
  Answer answer;
  answer.text = [snapshot, grid](const Screen& screen) {
    const auto field = [&](const Text& label, const std::string& value) {
      if (value.empty()) return std::string();
      return padded(label.in(screen.language), 14) + harmless(value) + '\n';
    };
    return field({"Snapshot", "快照"}, text_at(snapshot, "id")) +
           field({"Host", "主機"},
                 text_at(snapshot, "host_name") + " (" + text_at(snapshot, "host") + ")") +
           field({"Number", "序號"}, text_at(snapshot, "sequence")) +
           field({"Previous", "前一快照"}, text_at(snapshot, "previous")) +
           field({"Taken", "掃描時間"},
                 time_at(snapshot, "started") + " – " + time_at(snapshot, "ended")) +
           field({"Accepted", "收件時間"}, time_at(snapshot, "accepted_at")) +
           field({"Certificate", "憑證序號"}, text_at(snapshot, "certificate_serial")) +
           field({"Agent", "代理程式"}, text_at(object_at(snapshot, "manifest"), "agent_version")) +
           '\n' + to_table(grid, screen);
  };
  answer.json = std::move(snapshot);
  answer.grid = std::move(grid);
  return answer;
}

}  // namespace assay::cli
