// assay software
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

struct Wanted {
  std::string host;
  std::string kind;
  std::string as_of;
};

// All pages as {"items":[…],"missing":[…]}: what is missing must not be lost on the way.
Result<Json> ask_software(Remote& remote, const Wanted& wanted) {
  std::string as_of;
  if (!wanted.as_of.empty()) {
    auto when = moment(wanted.as_of, std::chrono::time_point_cast<std::chrono::seconds>(
                                         std::chrono::system_clock::now()));
    if (!when) return fail(when.error());
    as_of = *std::move(when);
  }
  Json all = {{"items", Json::array()}, {"missing", Json::array()}};
  std::string cursor;
  do {
    auto page = remote.get({"hosts", wanted.host, "software"}, {{"kind", wanted.kind},
                                                                {"as-of", as_of},
                                                                {"limit", "1000"},
                                                                {"cursor", cursor}});
    if (!page) return page;
    for (const auto& item : array_at(*page, "items")) all["items"].push_back(item);
    all["missing"] = array_at(*page, "missing");
    const auto next = text_at(*page, "next");
    if (!next.empty() && next == cursor)
      return refuse(Code::kInvalidData,
                    {"the collector's pages do not end", "收集伺服器的回覆沒有結尾"});
    cursor = next;
  } while (!cursor.empty());
  return all;
}

}  // namespace

void add_software_command(CLI::App& app, Session& session) {
  const auto wanted = std::make_shared<Wanted>();
  auto* command = add_command(
      app, session, "software",
      {"What a host has installed, with purl and CPE names", "主機已安裝的軟體及其 purl 與 CPE 名稱"},
      [&session, wanted] {
        return session.ask([&](Remote& remote) { return ask_software(remote, *wanted); },
                           [&](Json answer, Language language) {
                             for (const auto& one : array_at(answer, "missing"))
                               session.note(session.say({"not known", "無法得知"}) + ": " +
                                            text_at(one, "table") + ": " +
                                            text_at(one, "reason"));
                             return software_view(array_at(answer, "items"), language);
                           });
      });
  command
      ->add_option("--host", wanted->host,
                   session.say({"name or id of one host", "單一主機的名稱或識別碼"}))
      ->required();
  command
      ->add_option("--kind", wanted->kind,
                   session.say({"only this kind", "僅列此類"}))
      ->check(CLI::IsMember(std::vector<std::string>{"os", "deb", "rpm", "apk", "snap", "flatpak",
                                                     "python", "npm", "java", "go"}));
  command->add_option(
      "--as-of", wanted->as_of,
      session.say({"as of a day or time, or 7d ago", "某日或某時刻的狀況，或 7d（七天前）"}));
}

}  // namespace assay::cli
