// assay explain
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"

namespace assay::cli {

namespace {

struct Subject {
  std::string what;
  std::string host;
  std::string as_of;
};

// A check's id has capital letters and a dash; a finding's is hexadecimal.
bool is_check_id(const std::string& text) {
  return text.find_first_not_of("0123456789abcdef") != std::string::npos;
}

Result<Json> question(Remote& remote, const Subject& subject) {
  std::string as_of;
  if (!subject.as_of.empty()) {
    auto when = moment(subject.as_of, std::chrono::time_point_cast<std::chrono::seconds>(
                                          std::chrono::system_clock::now()));
    if (!when) return fail(when.error());
    as_of = std::move(*when);
  }
  if (!is_check_id(subject.what))
    return remote.get({"explain"}, {{"finding", subject.what}, {"as-of", as_of}});
  if (subject.host.empty()) return remote.get({"checks", subject.what}, {});
  return remote.get({"explain"},
                    {{"check", subject.what}, {"host", subject.host}, {"as-of", as_of}});
}

}  // namespace

void add_explain_command(CLI::App& app, Session& session) {
  const auto subject = std::make_shared<Subject>();
  auto* command =
      add_command(app, session, "explain",
                  {"Why a verdict is what it is: clause, figure, rule, rows, file and line, remedy",
                   "判定的理由：條文、數值、規則、資料列、檔案與行號、處理方式"},
                  [&session, subject] {
                    return session.ask([&](Remote& remote) { return question(remote, *subject); },
                                       [&](Json json, Language language) {
                                         return json.contains("verdicts")
                                                    ? explain_view(std::move(json), language)
                                                    : check_view(std::move(json), language);
                                       });
                  });
  command
      ->add_option("id", subject->what,
                   session.say({"a finding's id, or a check's", "發現事項或檢查的編號"}))
      ->required();
  command->add_option("--host", subject->host,
                      session.say({"what the check says of this host, be it a pass",
                                   "該檢查對此主機的判定（含符合者）"}));
  command->add_option("--as-of", subject->as_of,
                      session.say({"as of a day or time", "某日或某時刻的狀況"}));
}

}  // namespace assay::cli
