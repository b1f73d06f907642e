// assay register import, show, set, history, export
#include <CLI/CLI.hpp>

#include "cli/client/read_file.h"
#include "cli/commands/command.h"
#include "cli/views/views.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

// What the collector takes.
constexpr std::size_t kMaxFileBytes = 16U << 20U;

struct RegisterWords {
  std::string host;
  std::string file;
  std::string note;
  std::string group;
  std::string as_of;
  std::vector<std::string> settings;
  bool is_dry_run = false;
};
using Words = std::shared_ptr<RegisterWords>;

Result<Query> as_of_query(const RegisterWords& words) {
  if (words.as_of.empty()) return Query{};
  auto when = moment(words.as_of, std::chrono::time_point_cast<std::chrono::seconds>(
                                      std::chrono::system_clock::now()));
  if (!when) return fail(when.error());
  return Query{{"as-of", std::move(*when)}};
}

int import_file(const Session& session, const RegisterWords& words) {
  const auto text = read_file(words.file, kMaxFileBytes);
  if (!text) return session.report(text.error());
  if (text->empty())
    return session.report(
        Error(Code::kInvalidData, phrase({"{}: is empty", "{}：是空的"}, words.file)));
  const auto begin = text->find_first_not_of(" \t\r\n");
  const bool is_json = words.file.ends_with(".json") ||
                       (begin != std::string::npos && (*text)[begin] == '[');
  const auto slash = words.file.rfind('/');
  const auto note =
      words.note.empty() ? words.file.substr(slash == std::string::npos ? 0 : slash + 1)
                         : words.note;
  return session.ask(
      [&](Remote& remote) {
        return remote.post({"register"},
                           {{"dry-run", words.is_dry_run ? "1" : ""}, {"note", note}},
                           {*text, is_json ? "application/json" : "text/csv"});
      },
      register_import_view);
}

// "owner=Mei-ling" sets, "owner=" clears; "groups=web,dmz" names all groups.
Result<Json> set_fields(Remote& remote, const RegisterWords& words) {
  Json body = {{"fields", Json::object()}, {"note", words.note}};
  for (const auto& setting : words.settings) {
    const auto end = setting.find('=');
    if (end == std::string::npos || end == 0)
      return refuse(Code::kUsage,
                    {"\"{}\": write FIELD=VALUE, or FIELD= to clear it",
                     "「{}」：請寫成「欄位=值」；要清空則寫「欄位=」"},
                    setting);
    const auto name = setting.substr(0, end);
    const auto value = setting.substr(end + 1);
    if (name == "groups")
      body["groups"] = Json::array({value});
    else
      body["fields"][name] = value;
  }
  return remote.post({"register", words.host}, {},
                     {body.dump(-1, ' ', false, Json::error_handler_t::replace)});
}

Result<Json> show(Remote& remote, const RegisterWords& words) {
  auto query = as_of_query(words);
  if (!query) return fail(query.error());
  if (!words.host.empty()) return remote.get({"register", words.host}, *query);
  query->emplace_back("group", words.group);
  return remote.get_all({"register"}, std::move(*query));
}

void add_note(CLI::App* command, const Session& session, const Words& words) {
  command->add_option("--note", words->note,
                      session.say({"why; kept with the change", "變更理由，隨紀錄保存"}));
}

void add_as_of(CLI::App* command, const Session& session, const Words& words) {
  command->add_option("--as-of", words->as_of,
                      session.say({"as of a day or time, or 7d ago",
                                   "某日或某時刻的內容，或 7d（七天前）"}));
}

void add_host(CLI::App* command, const Session& session, const Words& words, bool is_required) {
  command
      ->add_option("host", words->host,
                   session.say({"name or id of the host", "主機的名稱或識別碼"}))
      ->required(is_required);
}

void add_import(CLI::App& parent, Session& session) {
  const auto words = std::make_shared<RegisterWords>();
  auto* command = add_command(
      parent, session, "import",
      {"Take over a CSV or JSON file; the first line of a CSV file names the columns",
       "匯入 CSV 或 JSON 檔；CSV 第一列為欄位名稱"},
      [&session, words] { return import_file(session, *words); });
  command->add_option("file", words->file, session.say({"CSV or JSON", "CSV 或 JSON 檔"}))
      ->required();
  command->add_flag("--dry-run", words->is_dry_run,
                    session.say({"show what would change, and change nothing",
                                 "僅顯示將變更的內容，不實際變更"}));
  add_note(command, session, words);
}

void add_set(CLI::App& parent, Session& session) {
  const auto words = std::make_shared<RegisterWords>();
  auto* command = add_command(
      parent, session, "set",
      {"Record fields of one host: owner=Mei-ling; owner= clears it",
       "登載一台主機的欄位：owner=陳美玲；owner= 為清除"},
      [&session, words] {
        return session.ask([&](Remote& remote) { return set_fields(remote, *words); },
                           register_entry_view);
      });
  add_host(command, session, words, true);
  command
      ->add_option("settings", words->settings,
                   session.say({"FIELD=VALUE …; groups=web,dmz names all groups",
                                "欄位=值 …；groups=web,dmz 為全部群組"}))
      ->required();
  add_note(command, session, words);
}

}  // namespace

void add_register_commands(CLI::App& app, Session& session) {
  auto* parent = add_command(app, session, "register",
                             {"What the company has recorded about its machines: the asset "
                              "register",
                              "資產清冊：公司對各主機的登載"},
                             {});
  parent->require_subcommand(1);
  add_import(*parent, session);
  add_set(*parent, session);

  const auto shown = std::make_shared<RegisterWords>();
  auto* show_command = add_command(
      *parent, session, "show", {"What is recorded, of one host or all", "單一或全部主機的登載"},
      [&session, shown] {
        const bool is_one = !shown->host.empty();
        return session.ask([&](Remote& remote) { return show(remote, *shown); },
                           is_one ? register_entry_view : register_view);
      });
  add_host(show_command, session, shown, false);
  add_as_of(show_command, session, shown);
  show_command->add_option("--group", shown->group,
                           session.say({"hosts of this group", "屬於此群組的主機"}));

  const auto past = std::make_shared<RegisterWords>();
  auto* history = add_command(
      *parent, session, "history", {"Who changed what and when", "登載的變更紀錄"},
      [&session, past] {
        return session.ask(
            [&](Remote& remote) { return remote.get_all({"register", past->host, "history"}, {}); },
            register_history_view);
      });
  add_host(history, session, past, true);

  const auto form = std::make_shared<RegisterWords>();
  auto* export_command = add_command(
      *parent, session, "export",
      {"The asset register as a form, completed with facts from the evidence",
       "輸出資通系統及資訊資產清冊，並補上掃描所得事實"},
      [&session, form] {
        return session.ask(
            [&](Remote& remote) -> Result<Json> {
              auto query = as_of_query(*form);
              if (!query) return fail(query.error());
              return remote.get({"assets"}, *query);
            },
            assets_view);
      });
  add_as_of(export_command, session, form);
}

}  // namespace assay::cli
