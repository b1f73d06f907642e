// assay ports
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"

namespace assay::cli {

namespace {

struct Wanted {
  std::string host;
  bool only_disagreeing = false;
};

bool agrees(const Json& port) {
  const auto agreement = text_at(port, "agreement");
  return agreement == "agrees" || agreement == "not_measured";
}

// What must not be lost on the way to a table.
void note_gaps(Session& session, const Json& answer) {
  for (const auto& one : array_at(answer, "missing"))
    session.note(session.say({"not known", "無法得知"}) + ": " + text_at(one, "table") + ": " +
                 text_at(one, "reason"));
  for (const auto& shared : array_at(answer, "shared_addresses")) {
    std::string hosts;
    for (const auto& host : array_at(shared, "hosts"))
      if (host.is_string()) hosts += (hosts.empty() ? "" : ", ") + host.get<std::string>();
    session.note(session.say({"this address is that of other hosts as well, and what was measured "
                              "there may be of them",
                              "此位址同時屬於其他主機，量測結果可能來自該主機"}) +
                 ": " + text_at(shared, "address") + " (" + hosts + ")");
  }
}

}  // namespace

void add_ports_command(CLI::App& app, Session& session) {
  const auto wanted = std::make_shared<Wanted>();
  auto* command = add_command(
      app, session, "ports",
      {"A host's ports from three sides: itself, its neighbours, the wire",
       "由本機、鄰近主機與網路感測三方檢視主機的連接埠"},
      [&session, wanted] {
        return session.ask(
            [&](Remote& remote) { return remote.get({"hosts", wanted->host, "ports"}, {}); },
            [&](Json answer, Language language) {
              note_gaps(session, answer);
              Json items = Json::array();
              for (const auto& port : array_at(answer, "items"))
                if (!wanted->only_disagreeing || !agrees(port)) items.push_back(port);
              return ports_view(std::move(items), language);
            });
      });
  command
      ->add_option("--host", wanted->host,
                   session.say({"name or id of one host", "單一主機的名稱或識別碼"}))
      ->required();
  command->add_flag(
      "--disagreeing", wanted->only_disagreeing,
      session.say({"only ports on which the three disagree", "僅列三方不一致的連接埠"}));
}

}  // namespace assay::cli
