// assay pack: what an auditor takes away of one framework, in one file.
#include "evidence/pack.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <thread>

#include "cli/client/login.h"
#include "cli/commands/command.h"
#include "evidence/compress.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

struct PackOptions {
  std::string framework;
  std::string as_of;
  std::string since;
  std::vector<std::string> hosts;
  std::string file;
};

// Until the collector has written into its ledger that the pack was made: a second, mostly.
constexpr int kMostAttempts = 100;
constexpr std::chrono::milliseconds kPause{300};

Result<Json> request_of(const PackOptions& options) {
  Json body;
  body["framework"] = options.framework;
  const auto as_of = moment_or_none(options.as_of);
  if (!as_of) return fail(as_of.error());
  if (!as_of->empty()) body["as_of"] = *as_of;
  const auto since = moment_or_none(options.since);
  if (!since) return fail(since.error());
  if (!since->empty()) body["since"] = *since;
  if (!options.hosts.empty()) body["hosts"] = options.hosts;
  return body;
}

Result<std::string> fetch(Remote& remote, const std::string& id) {
  for (int attempt = 1;; ++attempt) {
    auto archive = remote.download({"packs", id, "file"});
    if (archive || archive.error().code() != Code::kUnavailable || attempt == kMostAttempts)
      return archive;
    std::this_thread::sleep_for(kPause);
  }
}

// What arrived is checked before it is called evidence.
Status check(std::string_view archive) {
  const auto login = load_login();
  const std::string ca = login ? login->ca_pem : std::string();
  const auto report = evidence::verify_pack(archive, {.ca_pem = ca});
  if (!report) return fail(report.error());
  for (const auto& entry : report->entries)
    if (entry.outcome == evidence::Verification::Outcome::kBad)
      return refuse(Code::kInvalidData, {"{}: {}", "查驗未通過：{}：{}"}, entry.subject,
                    entry.detail);
  return {};
}

int run_pack(const Session& session, const PackOptions& options) {
  const auto request = request_of(options);
  if (!request) return session.report(request.error());
  const auto remote = session.connect();
  if (!remote) return session.report(remote.error());
  const auto made = (*remote)->post({"packs"}, *request);
  if (!made) return session.report(made.error());
  const auto id = made->value("id", Json());
  if (!id.is_string())
    return session.report(Error(Code::kInvalidData, phrase({"the collector does not name the pack",
                                                            "收集伺服器未提供稽核包編號"})));
  const auto archive = fetch(**remote, id.get<std::string>());
  if (!archive) return session.report(archive.error());
  if (const auto good = check(*archive); !good)
    return session.report(good.error().within(
        phrase({"the pack that the collector sent", "收集伺服器送來的稽核包"})));
  const auto frame = evidence::compress(*archive);
  if (!frame) return session.report(frame.error());
  if (const auto written = write_file(options.file, *frame, 0600); !written)
    return session.report(written.error());
  session.note(options.file +
               session.say({": written; check it anywhere with: assay verify ",
                            "：已寫入；可隨處查驗：assay verify "}) +
               options.file + " --ledger-key KEY");
  return kDone;
}

}  // namespace

void add_pack_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<PackOptions>();
  auto* command = add_command(
      app, session, "pack",
      {"An auditor's pack: reports, verdicts that pass as well, waivers, attestations and the "
       "signed evidence of one framework in one file that verifies offline",
       "稽核包：將單一規範的報表、逐項判定（含符合者）、例外、人工聲明與已簽章的原始證據匯出為可離"
       "線"
       "查驗的單一檔案"},
      [&session, options] { return run_pack(session, *options); });
  command->add_option("--framework", options->framework, session.say({"which", "規範"}))
      ->required();
  command->add_option("--as-of,--until", options->as_of,
                      session.say({"as of a day or time, or 7d ago; a minute ago unless said",
                                   "某日或某時刻的狀況，或 7d（七天前）；預設為一分鐘前"}));
  command->add_option("--since", options->since,
                      session.say({"a period: with the verdicts of all the time from then on",
                                   "期間的起點：一併列出此後至終點的判定歷程"}));
  command
      ->add_option("--host", options->hosts,
                   session.say({"name or id of a host; repeatable; all unless said",
                                "主機的名稱或識別碼；可重複；預設為全部"}))
      ->expected(1)
      ->take_all();
  command->add_option("--file", options->file, session.say({"where to write it", "寫入的檔案"}))
      ->required()
      ->type_name("FILE.assaypack");
}

}  // namespace assay::cli
