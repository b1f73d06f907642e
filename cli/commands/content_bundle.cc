#include "cli/commands/content_bundle.h"

#include <CLI/CLI.hpp>

#include "checks/bundle/content_bundle.h"
#include "checks/bundle/content_check.h"
#include "cli/client/read_file.h"
#include "cli/commands/check_content.h"
#include "cli/commands/command.h"
#include "evidence/clock.h"
#include "evidence/limits.h"
#include "evidence/timestamp.h"

namespace assay::cli {

namespace {

struct PackOptions {
  std::vector<std::string> folders;
  std::string key;
  std::string certificate;
  std::string title;
  std::string output;
  std::int64_t valid_days = 90;
};

struct VerifyOptions {
  std::string file;
  std::vector<std::string> trusted;
};

Answer bundle_view(const checks::ContentBundle& bundle, const checks::Content& content) {
  std::string oldest;
  std::string oldest_table;
  for (const auto& [name, table] : content.references)
    if (table.max_age_days > 0 && (oldest.empty() || table.retrieved < oldest))
      oldest = table.retrieved, oldest_table = name;
  Answer answer;
  answer.json = {{"title", bundle.title},           {"created", bundle.created},
                 {"valid_days", bundle.valid_days}, {"digest", content.digest.hex()},
                 {"checks", content.checks.size()}, {"frameworks", content.frameworks.size()},
                 {"oldest_table", oldest_table},    {"oldest_data", oldest}};
  answer.grid.headings = {{"title", {"Title", "名稱"}},
                          {"created", {"Made", "製作時間"}},
                          {"valid_days", {"Valid for days", "有效天數"}, true},
                          {"checks", {"Checks", "檢查"}, true},
                          {"oldest_table", {"Oldest data", "最舊的資料"}},
                          {"oldest_data", {"Of", "資料日期"}}};
  answer.grid.rows = {
      {cell(bundle.title), cell(bundle.created), cell(std::to_string(bundle.valid_days)),
       cell(std::to_string(content.checks.size())), cell(oldest_table), cell(oldest)}};
  return answer;
}

Result<std::string> pack(const PackOptions& options) {
  const auto content = content_or_shipped(options.folders);
  if (!content) return fail(content.error());
  auto key = read_file(options.key, evidence::kMaxPemBytes);
  if (!key) return fail(key.error());
  auto certificate = read_file(options.certificate, evidence::kMaxPemBytes);
  if (!certificate) return fail(certificate.error());
  checks::ContentBundle bundle;
  bundle.title = options.title;
  bundle.created = evidence::to_timestamp(evidence::system_now());
  bundle.valid_days = options.valid_days;
  bundle.content = checks::to_json(*content);
  bundle.certificate = std::move(*certificate);
  return checks::to_bytes(bundle, *key);
}

int run_pack(const Session& session, const PackOptions& options) {
  const auto bytes = pack(options);
  if (!bytes) return session.report(bytes.error());
  if (const auto written = write_file(options.output, *bytes, 0644); !written)
    return session.report(written.error());
  session.note(options.output +
               session.say({": written; on the other side: assay-collector "
                            "content install ",
                            "：已寫入；於目的端執行：assay-collector content "
                            "install "}) +
               options.output);
  return kDone;
}

int run_verify(const Session& session, const VerifyOptions& options) {
  std::vector<std::string> trusted;
  for (const auto& file : options.trusted) {
    auto pem = read_file(file, evidence::kMaxPemBytes);
    if (!pem) return session.report(pem.error());
    trusted.push_back(std::move(*pem));
  }
  const auto bytes = read_file(options.file, checks::kMaxContentBytes);
  if (!bytes) return session.report(bytes.error());
  const auto bundle = checks::bundle_from_bytes(*bytes, trusted);
  if (!bundle) return session.report(bundle.error().within(options.file));
  const auto content = checks::content_of(*bundle);
  if (!content) return session.report(content.error().within(options.file));
  if (const auto sound = checks::check_compiled(*content); !sound)
    return session.report(sound.error().within(options.file));
  return session.deliver(bundle_view(*bundle, *content));
}

void add_pack(CLI::App& group, Session& session) {
  const auto options = std::make_shared<PackOptions>();
  auto* command =
      add_command(group, session, "pack",
                  {"Put content into one signed file, for a network without another way in",
                   "將內容打包為單一簽章檔案，供封閉網路使用"},
                  [&session, options] { return run_pack(session, *options); });
  command->add_option("folder", options->folders,
                      session.say({"folders with rules and data; else what is shipped with "
                                   "/etc/assay/content.d",
                                   "規則與資料所在的資料夾；預設為隨附內容及 "
                                   "/etc/assay/content.d"}));
  command
      ->add_option("--key", options->key,
                   session.say({"the private key to sign with: ECDSA P-256, PEM",
                                "簽章用的私密金鑰：ECDSA P-256，PEM 格式"}))
      ->required();
  command
      ->add_option("--certificate", options->certificate,
                   session.say({"its certificate, PEM: what the other side trusts",
                                "該金鑰的憑證（PEM），即目的端所信任者"}))
      ->required();
  command->add_option("--title", options->title, session.say({"whose content it is", "內容的名稱"}))
      ->required();
  command->add_option("--valid-days", options->valid_days,
                      session.say({"after so many days its data is too old to judge by; 90 "
                                   "unless said",
                                   "資料超過此天數即不再據以判定；預設 90"}));
  command->add_option("--to", options->output, session.say({"the file", "輸出檔案"}))->required();
}

void add_verify(CLI::App& group, Session& session) {
  const auto options = std::make_shared<VerifyOptions>();
  auto* command = add_command(group, session, "verify",
                              {"Check such a file: who signed it, and how old its data is",
                               "查驗內容檔案：簽章者與資料的新舊"},
                              [&session, options] { return run_verify(session, *options); });
  command->add_option("file", options->file, session.say({"the file", "檔案"}))->required();
  command
      ->add_option("--trust", options->trusted,
                   session.say({"a certificate that you trust, PEM; repeatable",
                                "您信任的憑證（PEM）；可重複"}))
      ->required()
      ->expected(1)
      ->take_all();
}

}  // namespace

void add_content_bundle_commands(CLI::App& group, Session& session) {
  add_pack(group, session);
  add_verify(group, session);
}

}  // namespace assay::cli
