// assay verify: a bundle or an auditor's pack proves itself, without a collector or a network; or a
// collector is checked from outside, against its ledger's public key.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/audit/ledger_audit.h"
#include "cli/client/read_file.h"
#include "cli/commands/command.h"
#include "cli/views/verification.h"
#include "evidence/bundle.h"
#include "evidence/clock.h"
#include "evidence/compress.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/limits.h"
#include "evidence/pack.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

struct VerifyOptions {
  std::string bundle;
  std::string ca;
  std::string ledger_key;
  std::vector<std::string> witnesses;
  // Of a collector.
  bool is_live = false;
  std::string since;
  std::string save;
  std::string host;
  bool wants_all = false;
  std::string stamp_authorities;
};

// The key itself, or the file that holds it.
Result<evidence::VerifierKey> verifier_key(const std::string& text_or_file) {
  if (text_or_file.find('+') != std::string::npos) {
    auto key = evidence::verifier_key_from(text_or_file);
    if (key) return key;
  }
  const auto text = read_file(text_or_file, evidence::kMaxVerifierKeyBytes);
  if (!text) return fail(text.error());
  auto key = evidence::verifier_key_from(*text);
  if (!key) return fail(key.error().within(text_or_file));
  return key;
}

Status check_options(const VerifyOptions& options) {
  if (options.is_live != options.bundle.empty())
    return refuse(Code::kUsage, {"name a bundle or a pack, or --collector",
                                 "請指定證據檔或稽核包，或「--collector」"});
  if (options.is_live && options.ledger_key.empty())
    return refuse(
        Code::kUsage,
        {"--collector needs --ledger-key: without the ledger's public key a collector may "
         "say anything",
         "--collector 須搭配 --ledger-key；沒有帳本公鑰，無從判斷收集伺服器所言真偽"});
  if (!options.witnesses.empty() && options.ledger_key.empty())
    return refuse(Code::kUsage, {"--witness needs --ledger-key: a witness speaks of that ledger",
                                 "--witness 須搭配 --ledger-key；見證者所見證的是該帳本"});
  if (!options.is_live && (!options.since.empty() || !options.save.empty() ||
                           !options.host.empty() || options.wants_all))
    return refuse(Code::kUsage, {"--since, --save, --host and --all belong to --collector",
                                 "--since、--save、--host、--all 須搭配 --collector 使用"});
  return {};
}

// The id of a host by its id or name.
Result<std::string> host_id(Remote& remote, const std::string& host) {
  const auto found = remote.get({"hosts", host}, {});
  if (!found) return fail(found.error());
  const auto id = found->find("id");
  if (id != found->end() && id->is_string()) return id->get<std::string>();
  return refuse(Code::kInvalidData,
                {"the collector does not tell the host's id", "收集伺服器未提供主機識別碼"});
}

Result<AuditAnswer> audit(const Session& session, const VerifyOptions& options,
                          const evidence::Trust& trust) {
  AuditRequest request;
  request.key = *trust.ledger;
  request.witnesses = trust.witnesses;
  request.ca_pem = trust.ca_pem;
  request.stamp_authorities = trust.stamp_authorities;
  request.wants_all = options.wants_all;
  request.now = evidence::system_now();
  if (!options.since.empty()) {
    auto note = read_file(options.since, evidence::kMaxNoteBytes);
    if (!note) return fail(note.error());
    request.since = std::move(*note);
  }
  const auto remote = session.connect();
  if (!remote) return fail(remote.error());
  if (!options.host.empty()) {
    auto id = host_id(**remote, options.host);
    if (!id) return fail(id.error());
    request.host_id = std::move(*id);
  }
  return audit_ledger(**remote, request);
}

int run_audit(const Session& session, const VerifyOptions& options, const evidence::Trust& trust) {
  const auto answer = audit(session, options, trust);
  if (!answer) return session.report(answer.error());
  const Text all{"The ledger, every snapshot and every act in it are as they were signed.",
                 "帳本及其中所有快照與作業紀錄，皆與簽章時相同。"};
  const Text some{"What was looked at is as it was signed; not everything was looked at.",
                  "已查驗的部分與簽章時相同；並非全部查驗。"};
  const bool is_good = answer->report.is_good();
  auto shown =
      verification_view(answer->report, answer->is_complete() ? all : some, session.language);
  shown.json["complete"] = answer->is_complete();
  shown.json["ledger"] = {{"entries", answer->entries},
                          {"snapshots", answer->snapshots},
                          {"looked_at", answer->looked_at},
                          {"acts", answer->acts},
                          {"acts_compared", answer->acts_compared}};
  // Of a ledger that does not hold nothing is kept to compare with.
  if (is_good && !options.save.empty())
    if (const auto written = write_file(options.save, answer->checkpoint, 0644); !written)
      return session.report(written.error());
  return session.deliver(shown, is_good ? kDone : kBadData);
}

// A pack or a bundle.
Result<evidence::VerificationReport> verify_archive(std::string_view archive,
                                                    const evidence::Trust& trust) {
  if (evidence::is_pack(archive)) return evidence::verify_pack(archive, trust);
  const auto bundle = evidence::bundle_from_archive(archive);
  if (!bundle) return fail(bundle.error());
  return evidence::verify(*bundle, trust);
}

int run_verify(const Session& session, const VerifyOptions& options) {
  if (const auto sound = check_options(options); !sound) return session.report(sound.error());
  const auto bytes = options.is_live ? Result<std::string>(std::string())
                                     : read_file(options.bundle, evidence::kMaxBundleBytes);
  if (!bytes) return session.report(bytes.error());
  evidence::Trust trust;
  std::string ca;
  if (!options.ca.empty()) {
    auto pem = read_file(options.ca, 1U << 20U);
    if (!pem) return session.report(pem.error());
    ca = std::move(*pem);
    trust.ca_pem = ca;
  }
  if (!options.ledger_key.empty()) {
    auto key = verifier_key(options.ledger_key);
    if (!key) return session.report(key.error());
    trust.ledger = std::move(*key);
  }
  for (const auto& witness : options.witnesses) {
    auto key = verifier_key(witness);
    if (!key) return session.report(key.error());
    if (key->kind != evidence::KeyKind::kWitness)
      return session.report(
          Error(Code::kUsage, phrase({"--witness: {} is the key of a log, not of a witness",
                                      "--witness：{} 是帳本的公鑰，並非見證者的公鑰"},
                                     key->name)));
    if (std::ranges::find(trust.witnesses, *key) == trust.witnesses.end())
      trust.witnesses.push_back(std::move(*key));
  }
  std::string authorities;
  if (!options.stamp_authorities.empty()) {
    auto pem = read_file(options.stamp_authorities, evidence::kMaxStampAuthoritiesBytes);
    if (!pem) return session.report(pem.error());
    if (const auto sound = evidence::check_stamp_authorities(*pem); !sound)
      return session.report(sound.error().within(options.stamp_authorities));
    authorities = std::move(*pem);
    trust.stamp_authorities = authorities;
  }
  if (options.is_live) return run_audit(session, options, trust);
  const auto archive = evidence::decompress(*bytes, evidence::kMaxBundleBytes);
  if (!archive) return session.report(archive.error().within(options.bundle));
  const auto report = verify_archive(*archive, trust);
  if (!report) return session.report(report.error().within(options.bundle));
  const Text good{"The evidence is as it was signed.", "證據與簽章時相同。"};
  return session.deliver(verification_view(*report, good, session.language),
                         report->is_good() ? kDone : kBadData);
}

}  // namespace

void add_verify_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<VerifyOptions>();
  auto* command = add_command(
      app, session, "verify",
      {"Check an exported bundle or an auditor's pack offline: signatures, digests, the "
       "chain; or, with --collector, a collector's ledger and snapshots",
       "離線查驗匯出的證據或稽核包：簽章、摘要值、前後鏈結；或以 --collector 查驗收集伺服器"
       "的帳本與快照"},
      [&session, options] { return run_verify(session, *options); });
  command->add_option("file", options->bundle,
                      session.say({"the bundle or pack", "證據檔或稽核包"}));
  command->add_option("--ca", options->ca,
                      session.say({"the CA that you trust, PEM; else the bundle's own is used, and "
                                   "nobody vouches for it",
                                   "您信任的 CA（PEM）；未提供時使用檔案內附者，無人為其背書"}));
  command->add_option("--ledger-key", options->ledger_key,
                      session.say({"the public key of the collector's ledger, or a file with it; "
                                   "then everything must be in that ledger, and its CA is trusted",
                                   "收集伺服器帳本的公鑰，或存放公鑰的檔案；提供後，所有清單都必須"
                                   "登載於該帳本，並信任帳本所載的 CA"}));
  command->add_option(
      "--witness", options->witnesses,
      session.say({"the public key of a witness, or a file with it, who must have co-signed the "
                   "ledger; may be repeated. Co-signatures of others are shown and not checked",
                   "見證者的公鑰，或存放公鑰的檔案；該見證者必須已對帳本共同簽章；可重複指定。"
                   "其他見證者的共同簽章僅顯示而不查驗"}));
  command->add_flag("--collector", options->is_live,
                    session.say({"instead of a bundle: the collector that you are logged in to",
                                 "不查驗檔案，而查驗您已登入的收集伺服器"}));
  command->add_option(
      "--since", options->since,
      session.say({"a checkpoint that was saved before; the ledger must go on from it",
                   "先前保存的檢查點檔案；帳本必須由此延續"}));
  command->add_option("--save", options->save,
                      session.say({"where to write the checkpoint when all is good",
                                   "查驗無誤時，將檢查點寫入此檔案"}));
  command->add_option("--host", options->host,
                      session.say({"snapshots of this host alone", "僅查驗此主機的快照"}));
  command->add_flag("--all", options->wants_all,
                    session.say({"every snapshot, not some that are chosen at random",
                                 "查驗所有快照，而非隨機抽樣"}));
  command->add_option(
      "--tsa-ca", options->stamp_authorities,
      session.say({"the CA of the time-stamp authority, PEM; without it time stamps "
                   "are shown and not checked",
                   "時戳機構的 CA（PEM）；未提供時僅顯示時戳而不查驗"}));
}

}  // namespace assay::cli
