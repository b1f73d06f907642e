#include <map>

#include "cli/terminal/words.h"
#include "cli/views/views.h"

namespace assay::cli {

namespace {

struct Word {
  Text text;
  Colour colour = Colour::kPlain;
};

Cell word_cell(const std::map<std::string_view, Word>& words, const std::string& name,
               Language language) {
  const auto known = words.find(name);
  if (known == words.end()) return cell(name);
  return cell(known->second.text.in(language), name, known->second.colour);
}

Cell agreement_cell(const Json& port, Language language) {
  static const std::map<std::string_view, Word> kWords = {
      {"agrees", {{"agree", "一致"}, Colour::kGreen}},
      {"unlisted",
       {{"reached, but the host does not list it", "可連線，但主機未列出"}, Colour::kRed}},
      {"reached_despite",
       {{"reached, though the host says it is shut", "可連線，但主機表示未開放"}, Colour::kRed}},
      {"not_reached",
       {{"not reached, though the host says it is open", "無法連線，但主機表示已開放"},
        Colour::kYellow}},
      {"reached_unjudged",
       {{"reached; the host's filters are not known", "可連線；無法判定主機的封包過濾"},
        Colour::kYellow}},
      {"not_measured", {{"not measured", "尚未量測"}, Colour::kMagenta}},
      {"unknown", {{"the host's own view is missing", "缺少主機本身的資料"}, Colour::kMagenta}}};
  return word_cell(kWords, text_at(port, "agreement"), language);
}

Cell reach_cell(const Json& own, Language language) {
  static const std::map<std::string_view, Word> kWords = {
      {"", {{"not listed", "未列出"}, Colour::kDim}},
      {"loopback_only", {{"this machine only", "僅限本機"}, Colour::kPlain}},
      {"filtered", {{"filtered", "遭過濾"}, Colour::kPlain}},
      {"reachable", {{"open to others", "對外開放"}, Colour::kPlain}},
      {"unknown", {{"cannot be told", "無法判定"}, Colour::kMagenta}}};
  return word_cell(kWords, text_at(own, "reach"), language);
}

std::string state_of(const Json& probe, Language language) {
  static const std::map<std::string_view, Text> kWords = {
      {"open", {"answers", "有回應"}},
      {"open|filtered", {"answers, or filtered", "開放或遭過濾"}},
      {"not_open", {"no answer", "無回應"}}};
  const auto known = kWords.find(text_at(probe, "state"));
  return known == kWords.end() ? text_at(probe, "state") : known->second.in(language);
}

// "web-2: answers (10.0.0.7, 2026-11-28 10:00)"
std::string probe_lines(const Json& port, Language language) {
  std::string out;
  for (const auto& probe : array_at(port, "probes"))
    out += (out.empty() ? "" : "; ") + text_at(probe, "host") + ": " + state_of(probe, language) +
           " (" + text_at(probe, "address") + ", " + time_at(probe, "at") + ")";
  return out;
}

std::string sighting_lines(const Json& port) {
  std::string out;
  for (const auto& sighting : array_at(port, "sightings")) {
    const auto service = text_at(sighting, "service");
    out += (out.empty() ? "" : "; ") + text_at(sighting, "client") +
           (service.empty() ? "" : " " + service) + " (" + text_at(sighting, "host") + ", " +
           time_at(sighting, "last_seen") + ")";
  }
  return out;
}

std::string joined(const Json& own, std::string_view key) {
  std::string out;
  for (const auto& one : array_at(own, key))
    if (one.is_string()) out += (out.empty() ? "" : ", ") + one.get<std::string>();
  return out;
}

}  // namespace

Answer ports_view(Json items, Language language) {
  Grid grid;
  grid.headings = {{"port", {"Port", "連接埠"}},
                   {"agreement", {"Three views", "三方比對"}},
                   {"own", {"The host says", "主機本身"}},
                   {"processes", {"Process", "處理程序"}},
                   {"why", {}},
                   {"probes", {"Neighbours measured", "鄰近主機量測"}},
                   {"sightings", {"Seen on the wire", "網路上看到"}}};
  for (const auto& port : items) {
    const auto own = port.find("own");
    const Json& mine = own == port.end() ? Json() : *own;
    grid.rows.push_back({cell(text_at(port, "port") + "/" + text_at(port, "transport")),
                         agreement_cell(port, language), reach_cell(mine, language),
                         cell(joined(mine, "processes")), cell(text_at(mine, "why")),
                         cell(probe_lines(port, language)), cell(sighting_lines(port))});
  }
  return list_answer(std::move(items), std::move(grid),
                     {"No port to show.", "沒有可顯示的連接埠。"});
}

}  // namespace assay::cli
