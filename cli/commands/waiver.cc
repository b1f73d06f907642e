// assay waiver request, list, show, approve, reject, revoke
#include <CLI/CLI.hpp>

#include "cli/commands/records.h"

namespace assay::cli {

namespace {

const RecordKind kWaivers{"waivers", "W-1", waiver_view};

struct Request {
  std::string check;
  std::string finding;
  std::vector<std::string> hosts;
  std::optional<std::string> hosts_from;
  std::vector<std::string> groups;
  std::vector<std::string> frameworks;
  std::string reason;
  std::string measure;
  std::string until;
};

Json body_of(const Request& request) {
  Json body = {{"reason", request.reason}, {"measure", request.measure}, {"until", request.until}};
  if (!request.check.empty()) body["check"] = request.check;
  if (!request.finding.empty()) body["finding"] = request.finding;
  if (!request.hosts.empty()) body["hosts"] = request.hosts;
  if (!request.groups.empty()) body["groups"] = request.groups;
  if (!request.frameworks.empty()) body["frameworks"] = request.frameworks;
  return body;
}

void add_request(CLI::App& group, Session& session) {
  const auto request = std::make_shared<Request>();
  auto* command =
      add_command(group, session, "request",
                  {"Ask that a violation be put up with until a day; somebody else has to approve",
                   "申請在期限內例外處理；須由他人核准"},
                  [&session, request] {
                    if (auto read = join_hosts_from(request->hosts_from, &request->hosts); !read)
                      return session.report(read.error());
                    return session.ask(
                        [&](Remote& remote) { return remote.post({"waivers"}, body_of(*request)); },
                        waiver_view);
                  });
  auto* check =
      command->add_option("--check", request->check,
                          session.say({"every finding of this check", "此檢查的所有發現事項"}));
  auto* finding = command->add_option("--finding", request->finding,
                                      session.say({"this finding alone", "僅此一項發現事項"}));
  finding->excludes(check);
  command
      ->add_option("--host", request->hosts,
                   session.say({"on this host only; repeatable", "僅適用此主機；可重複"}))
      ->expected(1)
      ->take_all();
  add_hosts_from_option(*command, session, &request->hosts_from);
  add_group_option(*command, session, &request->groups);
  command
      ->add_option("--framework", request->frameworks,
                   session.say({"for this framework only; repeatable", "僅適用此規範；可重複"}))
      ->expected(1)
      ->take_all();
  command
      ->add_option("--reason", request->reason,
                   session.say({"why it cannot be put right now", "目前無法改善的理由"}))
      ->required();
  command
      ->add_option("--measure", request->measure,
                   session.say({"what is done instead, to compensate", "補償性措施"}))
      ->required();
  command
      ->add_option(
          "--until", request->until,
          session.say({"the last day on which it holds (UTC), 2026-12-31; 366 days at most",
                       "最後有效日（UTC），如 2026-12-31；最長 366 天"}))
      ->required()
      ->type_name("DAY");
}

struct Filters {
  std::string state;
  std::string check;
  std::string host;
  std::string expiring;
  std::string as_of;
};

void add_list(CLI::App& group, Session& session) {
  const auto filters = std::make_shared<Filters>();
  auto* command =
      add_command(group, session, "list", {"Waivers, the newest first", "例外清單，最新者在前"},
                  [&session, filters] {
                    return session.ask(
                        [&](Remote& remote) -> Result<Json> {
                          const auto as_of = moment_or_none(filters->as_of);
                          if (!as_of) return fail(as_of.error());
                          return remote.get_all({"waivers"}, {{"state", filters->state},
                                                              {"check", filters->check},
                                                              {"host", filters->host},
                                                              {"expiring", filters->expiring},
                                                              {"as-of", *as_of}});
                        },
                        waivers_view);
                  });
  command
      ->add_option("--state", filters->state,
                   session.say({"requested, approved, rejected, revoked, ended; all unless said",
                                "requested、approved、rejected、revoked、ended；預設為全部"}))
      ->check(CLI::IsMember({"requested", "approved", "rejected", "revoked", "ended", "all"}));
  command->add_option("--check", filters->check,
                      session.say({"id of one check", "單一檢查的編號"}));
  command->add_option("--host", filters->host,
                      session.say({"those that cover this host", "適用此主機者"}));
  add_time_options(*command, session, &filters->expiring, &filters->as_of);
}

}  // namespace

void add_waiver_commands(CLI::App& app, Session& session) {
  auto* group = add_command(
      app, session, "waiver",
      {"Violations that are put up with for a while, by whose leave", "例外管理：申請與核准"}, {});
  group->require_subcommand(1);
  add_request(*group, session);
  add_list(*group, session);
  add_record_show(*group, session, kWaivers, {"One waiver with its history", "單一例外與其歷程"});
  add_record_act(*group, session, kWaivers, "approve",
                 {"Agree (role admin, and not to one's own request)",
                  "核准（限 admin，且不得核准自己的申請）"});
  add_record_act(*group, session, kWaivers, "reject",
                 {"Do not agree (role admin)", "駁回（限 admin）"});
  add_record_act(*group, session, kWaivers, "revoke",
                 {"End it before its day; or take a request back", "提前撤銷，或取回申請"});
}

}  // namespace assay::cli
