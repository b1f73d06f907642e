#include "collector/api/pack/pack_report.h"

#include <algorithm>
#include <map>

namespace assay::collector::api {

namespace {

using Json = nlohmann::ordered_json;

// Rows of one table on the page; the files beside it have all.
constexpr std::size_t kMostRows = 2000;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  return out;
}

std::string plain(const Json& value) {
  if (value.is_null()) return {};
  // Whatever is no UTF-8 becomes so.
  const auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return value.is_string() ? Json::parse(text).get<std::string>() : text;
}

struct Column {
  std::string_view name;  // in the sheet; one without a language behind it has none
  Text heading;
};

class Page {
 public:
  explicit Page(Language language) : language_(language) {}

  [[nodiscard]] const std::string& say(const Text& text) const { return text.in(language_); }
  void tag(std::string_view name, const Text& text) { tag(name, say(text)); }
  void tag(std::string_view name, std::string_view text) {
    out_.append("<").append(name).append(">").append(escaped(text));
    out_.append("</").append(name).append(">\n");
  }
  void raw(std::string_view html) { out_ += html; }

  void table(const Sheet& sheet, const std::vector<Column>& columns) {
    std::vector<std::size_t> places;
    raw("<table><thead><tr>");
    for (const auto& column : columns) {
      places.push_back(place_of(sheet, column.name));
      tag("th", column.heading);
    }
    raw("</tr></thead><tbody>\n");
    for (std::size_t i = 0; i < std::min(sheet.rows.size(), kMostRows); ++i) {
      raw("<tr>");
      for (const auto place : places) cell(sheet.columns[place], plain(sheet.rows[i][place]));
      raw("</tr>\n");
    }
    raw("</tbody></table>\n");
    if (sheet.rows.size() > kMostRows)
      tag("p", Text{"The first " + std::to_string(kMostRows) + " of " +
                        std::to_string(sheet.rows.size()) + "; all of them are in " + sheet.name +
                        ".csv.",
                    "僅列前 " + std::to_string(kMostRows) + " 列（共 " +
                        std::to_string(sheet.rows.size()) + " 列）；全部內容見 " + sheet.name +
                        ".csv。"});
  }

  std::string take() { return std::move(out_); }

 private:
  std::size_t place_of(const Sheet& sheet, std::string_view name) const {
    for (std::size_t i = 0; i < sheet.columns.size(); ++i)
      if (sheet.columns[i] == name ||
          sheet.columns[i] ==
              std::string(name) + (language_ == Language::kChinese ? "_zh_tw" : "_en"))
        return i;
    return 0;
  }

  void cell(std::string_view column, const std::string& text) {
    if (column == "state" || column == "automated")
      raw("<td class=\"" + escaped(text) + "\">" + escaped(word_for(text)) + "</td>");
    else
      raw("<td>" + escaped(text) + "</td>");
  }

  [[nodiscard]] std::string word_for(const std::string& state) const {
    static const std::map<std::string, Text, std::less<>> kWords = {
        {"pass", {"pass", "符合"}},
        {"fail", {"fail", "不符合"}},
        {"not_applicable", {"not applicable", "不適用"}},
        {"unknown", {"unknown", "無法判定"}},
        {"manual", {"manual", "須人工確認"}},
        {"waived", {"waived", "已核准例外"}},
        {"stale", {"stale", "逾時未回報"}},
        {"open", {"open", "未解決"}},
        {"requested", {"requested", "申請中"}},
        {"approved", {"approved", "已核准"}},
        {"rejected", {"rejected", "已駁回"}},
        {"revoked", {"revoked", "已撤銷"}},
        {"ended", {"ended", "已到期"}},
        {"in_force", {"in force", "有效"}},
        {"withdrawn", {"withdrawn", "已撤回"}},
        {"superseded", {"superseded", "已由新聲明取代"}}};
    const auto found = kWords.find(state);
    return found == kWords.end() ? state : say(found->second);
  }

  Language language_;
  std::string out_;
};

constexpr std::string_view kStyle =
    "<style>body{font:15px/1.5 sans-serif;max-width:75em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0 1.5em}"
    "th,td{border:1px solid #bbb;padding:.25em .5em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th{background:#eee}.pass{color:#060}.fail,.open{color:#a00}"
    ".unknown,.stale{color:#850}</style>\n";

std::string percent(const std::optional<double>& part) {
  if (!part) return "—";
  const auto tenths = static_cast<std::int64_t>(*part * 1000 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

void begin(Page& page, const PackWish& wish, const PackFacts& facts) {
  const auto& framework = *facts.framework;
  page.raw("<!DOCTYPE html>\n<html lang=\"" + page.say({"en", "zh-Hant-TW"}) +
           "\"><head><meta charset=\"utf-8\">\n");
  page.tag("title", page.say(framework.title));
  page.raw(kStyle);
  page.raw("</head><body>\n");
  page.tag("h1", framework.title);
  page.tag("p", Text{"Edition " + framework.edition, "版本：" + framework.edition});
  const auto until = evidence::to_timestamp(wish.as_of);
  if (wish.since)
    page.tag("p", Text{"From " + evidence::to_timestamp(*wish.since) + " to " + until +
                           "; states are those at the end.",
                       "期間：" + evidence::to_timestamp(*wish.since) + " 至 " + until +
                           "；結果為期末之狀況。"});
  else
    page.tag("p", Text{"As of " + until, "時點：" + until});
  const auto score = facts.standing.score();
  const auto hosts = std::to_string(facts.hosts.size());
  page.tag("p", Text{"Hosts: " + hosts + ". Score of what was assessed: " + percent(score.score) +
                         ". Coverage: " + percent(score.coverage) + ".",
                     "主機：" + hosts + " 部。已評估部分的符合率：" + percent(score.score) +
                         "。涵蓋率：" + percent(score.coverage) + "。"});
}

const Sheet* named(const std::vector<Sheet>& sheets, std::string_view name) {
  const auto found = std::ranges::find(sheets, name, &Sheet::name);
  return found == sheets.end() ? nullptr : &*found;
}

}  // namespace

std::string report_of(const PackWish& wish, const PackFacts& facts,
                      const std::vector<Sheet>& sheets, Language language) {
  Page page(language);
  begin(page, wish, facts);
  const auto part = [&](std::string_view name, const Text& title,
                        const std::vector<Column>& columns) {
    const auto* sheet = named(sheets, name);
    if (sheet == nullptr) return;
    page.tag("h2", title);
    if (sheet->rows.empty())
      page.tag("p", Text{"None.", "無。"});
    else
      page.table(*sheet, columns);
  };
  part("controls", {"Controls", "控制項"},
       {{"control", {"Control", "控制項"}},
        {"title", {"Title", "名稱"}},
        {"state", {"State", "結果"}},
        {"hosts", {"Hosts", "主機數"}},
        {"checks", {"Checks", "檢查"}},
        {"reason", {"Reason", "理由"}},
        {"remains", {"Left to a person", "仍須人工確認"}}});
  part("findings", {"Open findings", "未解決的發現事項"},
       {{"host", {"Host", "主機"}},
        {"check", {"Check", "檢查"}},
        {"severity", {"Severity", "嚴重度"}},
        {"state", {"State", "狀態"}},
        {"waivers", {"Waivers", "例外"}},
        {"first_seen", {"First seen", "首次發現"}},
        {"row", {"Evidence", "證據"}}});
  part("waivers", {"Waivers", "例外"},
       {{"id", {"Id", "編號"}},
        {"state", {"State", "狀態"}},
        {"check", {"Check", "檢查"}},
        {"reason", {"Reason", "理由"}},
        {"measure", {"Measure instead", "補償性措施"}},
        {"requested_by", {"Requested by", "申請人"}},
        {"until", {"Until", "到期日"}},
        {"history", {"History", "歷程"}}});
  part("attestations", {"Attestations", "人工聲明"},
       {{"id", {"Id", "編號"}},
        {"state", {"State", "狀態"}},
        {"control", {"Control", "控制項"}},
        {"statement", {"Statement", "聲明內容"}},
        {"owner", {"Answered for by", "負責人"}},
        {"attested_on", {"On", "聲明日"}},
        {"until", {"Until", "到期日"}},
        {"files", {"Files", "附件"}}});
  part("hosts", {"Hosts", "主機"},
       {{"name", {"Name", "名稱"}},
        {"id", {"Id", "識別碼"}},
        {"os", {"System", "作業系統"}},
        {"scanned_at", {"Scanned", "掃描時間"}},
        {"stale", {"Stale", "逾時未回報"}},
        {"manifest", {"Manifest (SHA-256)", "清單（SHA-256）"}}});
  page.tag("h2", Text{"How to check this", "如何查驗"});
  page.tag("p",
           Text{"assay verify FILE.assaypack --ledger-key KEY: offline, with nothing but the "
                "public key of the collector's ledger. What machines told is in manifests/ and "
                "tables/, signed by them; verdict by verdict, passes included, is in verdicts.csv.",
                "assay verify 檔案.assaypack --ledger-key 公鑰：離線即可查驗，只需收集伺服器帳本"
                "的公鑰。各主機簽章的原始證據在 manifests/ 與 tables/；逐項判定（含符合者）見 "
                "verdicts.csv。"});
  page.raw("</body></html>\n");
  return page.take();
}

}  // namespace assay::collector::api
