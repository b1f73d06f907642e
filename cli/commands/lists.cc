// assay hosts, findings, controls, posture
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"

namespace assay::cli {

namespace {

constexpr std::size_t kMostOnAPage = 1000;

struct Filters {
  std::string host;
  std::string group;
  std::string by;
  bool cadence = false;
  std::string check;
  std::string framework;
  std::string state;
  std::string severity;
  std::string as_of;
  std::string fail_on;
  bool overdue = false;
  bool fail_on_unknown = false;
  bool details = false;
  std::size_t worst = 0;  // 0: all
};

std::chrono::sys_seconds now() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

const std::vector<std::string>& severities() {
  static const std::vector<std::string> kNames = {"critical", "high", "medium", "low", "info"};
  return kNames;
}

// A moment in the API's words; empty for now.
Result<std::string> time_of(const std::string& when) {
  return when.empty() ? Result<std::string>() : moment(when, now());
}

Result<Query> query_of(const Filters& filters) {
  const auto as_of = time_of(filters.as_of);
  if (!as_of) return fail(as_of.error());
  return Query{{"host", filters.host},
               {"group", filters.group},
               {"by", filters.by},
               {"check", filters.check},
               {"framework", filters.framework},
               {"state", filters.state},
               {"severity", filters.severity},
               {"overdue", filters.overdue ? "true" : ""},
               {"as-of", *as_of}};
}

Result<Json> ask_all(Remote& remote, const std::string& what, const Filters& filters) {
  auto query = query_of(filters);
  if (!query) return fail(query.error());
  return remote.get_all({what}, std::move(*query));
}

// The collector lists the worst first. All of them where --fail-on must see them.
Result<Json> ask_findings(Remote& remote, const Filters& filters) {
  auto query = query_of(filters);
  if (!query) return fail(query.error());
  const bool is_one_page =
      filters.worst > 0 && filters.worst <= kMostOnAPage && filters.fail_on.empty();
  query->emplace_back("limit", std::to_string(is_one_page ? filters.worst : kMostOnAPage));
  if (!is_one_page) return remote.get_all({"findings"}, std::move(*query));
  auto page = remote.get({"findings"}, *query);
  if (!page) return page;
  return array_at(*page, "items");
}

Json cut(Json items, std::size_t most) {
  if (most > 0 && items.size() > most)
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(most), items.end());
  return items;
}

// 2 when an open finding is at or above the severity.
int judge_findings(const Json& items, const std::string& fail_on) {
  const auto least = checks::severity_from(fail_on);
  if (!least) return kDone;
  for (const auto& item : items) {
    const auto severity = checks::severity_from(text_at(item, "severity"));
    if (text_at(item, "state") == "open" && severity && *severity >= *least) return kFindings;
  }
  return kDone;
}

int judge_controls(const Json& items, const Filters& filters) {
  bool is_unknown = false;
  for (const auto& item : items) {
    const auto state = text_at(item, "state");
    is_unknown = is_unknown || state == "unknown" || state == "stale";
  }
  return is_unknown && filters.fail_on_unknown ? kIncomplete : kDone;
}

void add_place(CLI::App* command, const Session& session, const std::shared_ptr<Filters>& filters) {
  command->add_option("--host", filters->host,
                      session.say({"name or id of one host", "單一主機的名稱或識別碼"}));
  command->add_option(
      "--as-of", filters->as_of,
      session.say({"as of a day or time, or 7d ago", "某日或某時刻的狀況，或 7d（七天前）"}));
}

void add_group(CLI::App* command, const Session& session, const std::shared_ptr<Filters>& filters) {
  command->add_option(
      "--group", filters->group,
      session.say({"hosts of this group of the register", "資產清冊中此群組的主機"}));
}

void add_findings(CLI::App& app, Session& session) {
  const auto filters = std::make_shared<Filters>();
  auto* command = add_command(
      app, session, "findings", {"What violates a rule, worst first", "不符合規則的發現事項"},
      [&session, filters] {
        return session.ask(
            [&](Remote& remote) { return ask_findings(remote, *filters); },
            [&](Json items, Language language) {
              auto shown = cut(std::move(items), filters->worst);
              return filters->details ? finding_details_view(std::move(shown), language)
                                      : findings_view(std::move(shown), language);
            },
            [&](const Json& items) { return judge_findings(items, filters->fail_on); });
      });
  add_place(command, session, filters);
  command->add_option("--check", filters->check,
                      session.say({"id of one check", "單一檢查的編號"}));
  command->add_option("--framework", filters->framework,
                      session.say({"what one framework minds", "單一規範"}));
  command
      ->add_option("--state", filters->state,
                   session.say({"open (unless said), waived, resolved, all",
                                "open（預設）、waived（已核准例外）、resolved、all"}))
      ->check(CLI::IsMember({"open", "waived", "resolved", "all"}));
  command
      ->add_option("--severity", filters->severity,
                   session.say({"at least this severity", "至少為此嚴重度"}))
      ->check(CLI::IsMember(severities()));
  command->add_flag("--overdue", filters->overdue,
                    session.say({"only what should be closed by now", "僅列出已逾處理期限者"}));
  command
      ->add_option("--worst", filters->worst,
                   session.say({"at most this many, the worst", "最多列出幾項（最嚴重者在前）"}))
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->type_name("N");
  command->add_flag(
      "--details", filters->details,
      session.say({"each with its evidence and what to do", "逐項列出證據與處理方式"}));
  command
      ->add_option("--fail-on", filters->fail_on,
                   session.say({"exit with 2 at an open finding of at least this severity",
                                "有達此嚴重度的未解決事項時，結束代碼為 2"}))
      ->check(CLI::IsMember(severities()));
}

void add_controls(CLI::App& app, Session& session) {
  const auto filters = std::make_shared<Filters>();
  auto* command = add_command(
      app, session, "controls",
      {"Every control of the frameworks with its state", "各規範控制項的結果"},
      [&session, filters] {
        if (filters->cadence)
          return session.ask([&](Remote& remote) { return ask_all(remote, "cadence", *filters); },
                             cadence_view);
        return session.ask([&](Remote& remote) { return ask_all(remote, "controls", *filters); },
                           filters->details ? control_details_view : controls_view,
                           [&](const Json& items) { return judge_controls(items, *filters); });
      });
  add_place(command, session, filters);
  command->add_option("--framework", filters->framework,
                      session.say({"one framework", "單一規範"}));
  command->add_option("--state", filters->state, session.say({"one state", "單一結果"}))
      ->check(CLI::IsMember(
          {"pass", "fail", "not_applicable", "unknown", "manual", "waived", "stale"}));
  command->add_flag("--details", filters->details,
                    session.say({"each with all that its document says of it",
                                 "逐項列出規範所載內容、適用對象與待確認事項"}));
  add_group(command, session, filters);
  command->add_flag("--cadence", filters->cadence,
                    session.say({"how many of the last months, quarters … have evidence",
                                 "近幾個月、季……有多少期具備證據"}));
  command->add_flag(
      "--fail-on-unknown", filters->fail_on_unknown,
      session.say({"exit with 3 if something is unknown", "有無法判定的項目時，結束代碼為 3"}));
}

}  // namespace

void add_list_commands(CLI::App& app, Session& session) {
  const auto text = std::make_shared<std::string>();
  const auto when = std::make_shared<std::string>();
  auto* hosts = add_command(
      app, session, "hosts", {"Enrolled hosts and their open findings", "已註冊的主機與未解決事項"},
      [&session, text, when] {
        return session.ask(
            [&](Remote& remote) -> Result<Json> {
              const auto as_of = time_of(*when);
              if (!as_of) return fail(as_of.error());
              return remote.get_all({"hosts"}, {{"q", *text}, {"as-of", *as_of}});
            },
            [when](Json items, Language) { return hosts_view(std::move(items), !when->empty()); });
      });
  hosts->add_option(
      "--as-of", *when,
      session.say({"as of a day or time, or 7d ago", "某日或某時刻的狀況，或 7d（七天前）"}));
  hosts->add_option(
      "text", *text,
      session.say({"part of a name, or the beginning of an id", "名稱的一部分，或識別碼的開頭"}));
  add_findings(app, session);
  add_controls(app, session);

  const auto filters = std::make_shared<Filters>();
  auto* posture = add_command(
      app, session, "posture", {"Score and coverage by framework", "各規範的符合率與涵蓋率"},
      [&session, filters] {
        if (!filters->by.empty())
          return session.ask([&](Remote& remote) { return ask_all(remote, "posture", *filters); },
                             posture_view);
        return session.ask([&](Remote& remote) { return ask_all(remote, "frameworks", *filters); },
                           frameworks_view);
      });
  add_place(posture, session, filters);
  add_group(posture, session, filters);
  posture
      ->add_option(
          "--by", filters->by,
          session.say({"host, group or fleet: a line for each", "host、group 或 fleet：各列一行"}))
      ->check(CLI::IsMember({"host", "group", "fleet"}));
}

}  // namespace assay::cli
