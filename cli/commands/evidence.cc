// assay evidence list, show, export
#include <CLI/CLI.hpp>

#include "cli/client/login.h"
#include "cli/commands/command.h"
#include "cli/views/views.h"
#include "evidence/bundle.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

// What arrived is checked before it is called evidence.
Status check_bundle(const std::string& bytes) {
  const auto bundle = evidence::bundle_from_bytes(bytes);
  if (!bundle) return fail(bundle.error());
  const auto login = load_login();
  const std::string ca = login ? login->ca_pem : std::string();
  const auto report = evidence::verify(*bundle, {.ca_pem = ca});
  for (const auto& entry : report.entries)
    if (entry.outcome == evidence::Verification::Outcome::kBad)
      return refuse(Code::kInvalidData, {"{}: {}", "查驗未通過：{}：{}"}, entry.subject,
                    entry.detail);
  return {};
}

int run_export(const Session& session, const std::string& snapshot, const std::string& path) {
  const auto remote = session.connect();
  if (!remote) return session.report(remote.error());
  const auto bytes = (*remote)->download({"snapshots", snapshot, "bundle"});
  if (!bytes) {
    const int code = session.report(bytes.error());
    return code == kCannotOpen ? kToolError : code;
  }
  if (const auto good = check_bundle(*bytes); !good)
    return session.report(good.error().within(
        phrase({"the bundle that the collector sent", "收集伺服器送來的證據檔"})));
  if (const auto written = write_file(path, *bytes, 0600); !written)
    return session.report(written.error());
  session.note(path +
               session.say({": written; check it anywhere with: assay verify ",
                            "：已寫入；可隨處查驗：assay verify "}) +
               path);
  return kDone;
}

}  // namespace

void add_evidence_commands(CLI::App& app, Session& session) {
  auto* group = add_command(app, session, "evidence",
                            {"What was collected, as it was signed", "收集到的原始證據與簽章"}, {});
  group->require_subcommand(1);

  const auto host = std::make_shared<std::string>();
  auto* list = add_command(
      *group, session, "list",
      {"Snapshots of a host, or the latest of every host", "一部主機的快照，或各主機最新的快照"},
      [&session, host] {
        return session.ask(
            [&](Remote& remote) { return remote.get_all({"snapshots"}, {{"host", *host}}); },
            snapshots_view);
      });
  list->add_option("host", *host, session.say({"name or id", "名稱或識別碼"}));

  const auto snapshot = std::make_shared<std::string>();
  const Text which{"a snapshot's digest, or a host for its latest",
                   "快照的摘要值，或主機（取其最新快照）"};
  auto* show = add_command(
      *group, session, "show", {"The manifest of a snapshot", "快照的清單"}, [&session, snapshot] {
        return session.ask([&](Remote& remote) { return remote.get({"snapshots", *snapshot}, {}); },
                           snapshot_view);
      });
  show->add_option("snapshot", *snapshot, session.say(which))->required();

  const auto path = std::make_shared<std::string>();
  auto* export_ =
      add_command(*group, session, "export",
                  {"A snapshot with its tables, signature and certificates in one file",
                   "將快照、資料表、簽章與憑證匯出為單一檔案"},
                  [&session, snapshot, path] { return run_export(session, *snapshot, *path); });
  export_->add_option("snapshot", *snapshot, session.say(which))->required();
  export_->add_option("-o,--output", *path, session.say({"the file", "檔案"}))
      ->required()
      ->type_name("FILE");
}

}  // namespace assay::cli
