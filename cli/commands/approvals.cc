// assay allowlist, listeners, administrators, resolvers: learn, review, approve, withdraw, list,
// export; assay contracts, phase-out, networks: add, withdraw, list, export. Each list is described
// once.
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

struct ListColumn {
  std::string column;
  std::string option;  // "--cycle"; of a positional one its name: "product"
  Text what;
  bool is_number = false;
  bool is_required = false;
};

struct ListCommand {
  std::string name;  // "allowlist"
  std::string list;  // as the collector calls it
  Text what;
  bool is_learnt = false;
  std::vector<ListColumn> columns;
};

const ListColumn& group_column() {
  static const ListColumn kGroup = {
      "host_group", "--group", {"hosts of this group only", "僅適用此主機群組"}};
  return kGroup;
}

std::vector<ListColumn> software_columns() {
  return {{"kind",
           "kind",
           {"deb, rpm, apk, python, npm, java, go, snap, flatpak, container or program",
            "deb、rpm、apk、python、npm、java、go、snap、flatpak、container 或 program"},
           false,
           true},
          {"name", "name", {"name or pattern: nginx, lib*", "名稱或樣式：nginx、lib*"}},
          {"version", "--version", {"this version only", "僅此版本"}},
          {"min_version", "--min-version", {"this version and later", "此版本以上"}},
          {"max_version", "--max-version", {"this version and earlier", "此版本以下"}},
          {"publisher", "--publisher", {"maintainer, vendor or author (pattern)",
                                        "維護者、廠商或作者（樣式）"}},
          {"purl", "--purl", {"package URL (pattern)", "Package URL（樣式）"}},
          {"path", "--path", {"path of a program or archive (pattern)",
                              "程式或封存檔路徑（樣式）"}},
          {"sha256", "--sha256", {"SHA-256 of the file", "檔案的 SHA-256"}},
          {"repository", "--repository", {"repository or registry (pattern)",
                                          "套件庫或登錄庫（樣式）"}},
          group_column()};
}

std::vector<ListColumn> contract_columns() {
  return {{"product", "product", {"product, as in eol_cycles", "產品，與 eol_cycles 相同"}, false,
           true},
          {"contract", "contract", {"name or number of the contract", "合約名稱或編號"}, false,
           true},
          {"contract_until", "--contract-until",
           {"last day of support by the contract", "合約支援的最後一天"}, false, true},
          {"cycle", "--cycle", {"this release cycle only", "僅此版本週期"}},
          group_column()};
}

std::vector<ListColumn> plan_columns() {
  return {{"product", "product", {"product, as in eol_cycles", "產品，與 eol_cycles 相同"}, false,
           true},
          {"planned_until", "--planned-until", {"day by which it will be gone", "預定汰除日期"},
           false, true},
          {"cycle", "--cycle", {"this release cycle only", "僅此版本週期"}},
          {"host", "--host", {"hosts of this name (pattern)", "主機名稱（樣式）"}},
          {"measure", "--measure", {"compensating measure until then", "汰除前的補償性措施"}}};
}

std::vector<ListCommand> list_commands() {
  return {
      {"allowlist", "allowlist",
       {"Software that the company has approved; nothing is ever blocked",
        "公司核准的軟體（僅稽核，不阻擋執行）"},
       true, software_columns()},
      {"listeners", "approved_listeners",
       {"Ports that may be open", "核准開放的連接埠"},
       true,
       {{"port", "port", {"port number", "連接埠號碼"}, true, true},
        {"protocol", "--protocol", {"6 (TCP) or 17 (UDP)", "6（TCP）或 17（UDP）"}, true, true},
        {"process", "--process", {"name of the process (pattern)", "處理程序名稱（樣式）"}},
        group_column()}},
      {"administrators", "approved_administrators",
       {"Accounts that may have administrators' rights", "核准的管理者帳號"},
       true,
       {{"username", "username", {"name of the account", "帳號名稱"}, false, true},
        {"person", "--person", {"who uses it", "使用人"}},
        {"host", "--host", {"hosts of this name (pattern)", "主機名稱（樣式）"}},
        group_column()}},
      {"resolvers", "approved_resolvers",
       {"Name servers that may be asked", "核准使用的 DNS 伺服器"},
       true,
       {{"address", "address", {"address or network", "位址或網段"}, false, true},
        group_column()}},
      {"contracts", "support_contracts",
       {"Support that the company has bought", "公司購買的延伸支援合約"},
       false, contract_columns()},
      {"phase-out", "phase_out_plans",
       {"Plans to leave products whose support ends", "停止支援產品的汰除計畫"},
       false, plan_columns()},
      {"networks", "networks",
       {"The company's networks and their zones", "公司的網段與區域"},
       false,
       {{"network", "network", {"192.0.2.0/24, 2001:db8::/32", "192.0.2.0/24、2001:db8::/32"},
         false, true},
        {"zone", "zone", {"internet, dmz, internal, database, management …",
                          "internet、dmz、internal、database、management …"},
         false, true},
        {"environment", "--environment",
         {"production, test or development", "production、test 或 development"}}}},
  };
}

struct ApprovalWords {
  std::map<std::string, std::string> cells;  // by column
  std::vector<std::string> ids;
  std::string from;
  std::string kinds;
  std::string host;
  std::string group;
  std::string until;
  std::string note;
  std::string as_of;
  bool is_exact = false;
  bool is_applied = false;
  bool is_all = false;
};

std::string body_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Json> approve(Remote& remote, const ListCommand& list, const ApprovalWords& words) {
  Json row = Json::object();
  for (const auto& column : list.columns) {
    const auto& text = words.cells.at(column.column);
    if (text.empty()) continue;
    if (!column.is_number) {
      row[column.column] = text;
      continue;
    }
    if (text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
      return refuse(Code::kUsage, {"{}: \"{}\" is no number", "{}：「{}」不是數字"}, column.column,
                    text);
    row[column.column] = std::stoll(text);
  }
  const Json body = {
      {"rows", Json::array({row})}, {"until", words.until}, {"note", words.note}};
  return remote.post({"approvals", list.list}, {}, {body_of(body)});
}

Result<Json> learn(Remote& remote, const ListCommand& list, const ApprovalWords& words) {
  auto answer = remote.get({"approvals", list.list, "proposals"},
                           {{"host", words.from},
                            {"kind", words.kinds},
                            {"exact", words.is_exact ? "1" : ""}});
  if (!answer) return answer;
  (*answer)["applied"] = nullptr;
  auto& items = (*answer)["items"];
  if (!words.group.empty())
    for (auto& row : items) row["host_group"] = words.group;
  if (!words.is_applied || items.empty()) return answer;
  if (words.note.empty())
    return refuse(Code::kUsage, {"--note: say why these are approved; it is kept with each row",
                                 "--note：請說明核准的理由，將隨每一列保存"});
  const Json body = {{"rows", items}, {"until", words.until}, {"note", words.note}};
  auto applied = remote.post({"approvals", list.list}, {}, {body_of(body)});
  if (!applied) return applied;
  (*answer)["applied"] = std::move(*applied);
  return answer;
}

Result<Json> rows_of(Remote& remote, const ListCommand& list, const ApprovalWords& words) {
  std::string as_of;
  if (!words.as_of.empty()) {
    auto when = moment(words.as_of, std::chrono::time_point_cast<std::chrono::seconds>(
                                        std::chrono::system_clock::now()));
    if (!when) return fail(when.error());
    as_of = std::move(*when);
  }
  return remote.get_all({"approvals", list.list},
                        {{"state", words.is_all ? "all" : ""}, {"as-of", as_of},
                         {"limit", "1000"}});
}

using List = std::shared_ptr<const ListCommand>;
using Words = std::shared_ptr<ApprovalWords>;

void add_until_and_note(CLI::App* command, const Session& session, const Words& words,
                        bool is_required) {
  command->add_option("--until", words->until,
                      session.say({"last day of the approval (2026-12-31); without it until "
                                   "withdrawn",
                                   "核准的最後一天（2026-12-31）；未指定則至撤銷為止"}));
  command->add_option("--note", words->note, session.say({"why", "理由"}))->required(is_required);
}

void add_approve(CLI::App& parent, Session& session, const List& list) {
  const auto words = std::make_shared<ApprovalWords>();
  auto* command = add_command(
      parent, session, list->is_learnt ? "approve" : "add",
      {"Add a row; who and when is kept with it", "新增一列，並記載核准人與時間"},
      [&session, list, words] {
        return session.ask([&](Remote& remote) { return approve(remote, *list, *words); },
                           approved_view);
      });
  for (const auto& column : list->columns) {
    auto& cell = words->cells[column.column];
    if (column.column == "protocol") cell = "6";
    command->add_option(column.option, cell, session.say(column.what))
        ->required(column.is_required && cell.empty());
  }
  add_until_and_note(command, session, words, true);
}

void add_withdraw(CLI::App& parent, Session& session, const List& list) {
  const auto words = std::make_shared<ApprovalWords>();
  auto* command = add_command(
      parent, session, "withdraw",
      {"Take rows back; that they held until now is kept", "撤銷核准；先前有效的紀錄仍予保留"},
      [&session, list, words] {
        return session.ask(
            [&](Remote& remote) {
              const Json body = {{"ids", words->ids}, {"note", words->note}};
              return remote.post({"approvals", list->list, "withdraw"}, {}, {body_of(body)});
            },
            withdrawn_view);
      });
  command->add_option("id", words->ids, session.say({"A-17 …, as in the list",
                                                     "A-17 …，如清單所示"}))
      ->required();
  command->add_option("--note", words->note, session.say({"why", "理由"}))->required();
}

void add_list(CLI::App& parent, Session& session, const List& list) {
  const auto words = std::make_shared<ApprovalWords>();
  auto* command = add_command(
      parent, session, "list", {"What is approved, by whom and until when", "已核准的項目"},
      [&session, list, words] {
        return session.ask([&](Remote& remote) { return rows_of(remote, *list, *words); },
                           approvals_view);
      });
  command->add_flag("--all", words->is_all,
                    session.say({"also what was withdrawn or has ended", "含已撤銷與到期者"}));
  command->add_option("--as-of", words->as_of,
                      session.say({"as of a day or time", "某日或某時刻的內容"}));
  const auto exported = std::make_shared<ApprovalWords>();
  auto* export_command = add_command(
      parent, session, "export",
      {"The rows as a file for /etc/assay/content.d", "輸出為 /etc/assay/content.d 可用的檔案"},
      [&session, list, exported] {
        return session.ask([&](Remote& remote) { return rows_of(remote, *list, *exported); },
                           [&](Json items, Language) {
                             return exported_view(std::move(items), list->list);
                           });
      });
  export_command->add_option("--as-of", exported->as_of,
                             session.say({"as of a day or time", "某日或某時刻的內容"}));
}

void add_review(CLI::App& parent, Session& session, const List& list) {
  const auto words = std::make_shared<ApprovalWords>();
  auto* command = add_command(
      parent, session, "review",
      {"What the machines have and the list has not", "主機上有而清單未核准的項目"},
      [&session, list, words] {
        return session.ask(
            [&](Remote& remote) {
              return remote.get({"approvals", list->list, "review"},
                                {{"kind", words->kinds}, {"host", words->host}});
            },
            review_view);
      });
  command->add_option("--host", words->host,
                      session.say({"name or id of one host", "單一主機的名稱或識別碼"}));
  if (list->list == "allowlist")
    command->add_option("--kind", words->kinds,
                        session.say({"deb,rpm,…: of these kinds", "僅此類軟體：deb,rpm,…"}));
}

void add_learn(CLI::App& parent, Session& session, const List& list) {
  const auto words = std::make_shared<ApprovalWords>();
  auto* command = add_command(
      parent, session, "learn",
      {"Propose rows from what a golden host has; --apply approves them",
       "由標準主機現況建議清單；加 --apply 即予核准"},
      [&session, list, words] {
        return session.ask([&](Remote& remote) { return learn(remote, *list, *words); },
                           learnt_view);
      });
  command->add_option("--from", words->from,
                      session.say({"name or id of the host", "主機的名稱或識別碼"}))
      ->required();
  if (list->list == "allowlist") {
    command->add_option("--kind", words->kinds,
                        session.say({"deb,rpm,…: of these kinds", "僅此類軟體：deb,rpm,…"}));
    command->add_flag("--exact", words->is_exact,
                      session.say({"these versions and files only", "僅限現有版本與檔案內容"}));
  }
  command->add_option("--group", words->group,
                      session.say({"for hosts of this group only", "僅適用此主機群組"}));
  command->add_flag("--apply", words->is_applied,
                    session.say({"approve what is proposed", "核准所建議的項目"}));
  add_until_and_note(command, session, words, false);
}

}  // namespace

void add_approval_commands(CLI::App& app, Session& session) {
  for (auto& described : list_commands()) {
    const auto list = std::make_shared<const ListCommand>(std::move(described));
    auto* parent = add_command(app, session, list->name, list->what, {});
    parent->require_subcommand(1);
    if (list->is_learnt) {
      add_learn(*parent, session, list);
      add_review(*parent, session, list);
    }
    add_approve(*parent, session, list);
    add_withdraw(*parent, session, list);
    add_list(*parent, session, list);
  }
}

}  // namespace assay::cli
