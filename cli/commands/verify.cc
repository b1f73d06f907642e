// assay verify: a bundle proves itself, without a collector or a network.
#include <CLI/CLI.hpp>

#include "cli/client/read_file.h"
#include "cli/commands/command.h"
#include "evidence/bundle.h"
#include "evidence/limits.h"

namespace assay::cli {

namespace {

using evidence::Verification;

std::string_view name_of(Verification::Outcome outcome) {
  switch (outcome) {
    case Verification::Outcome::kGood: return "good";
    case Verification::Outcome::kBad: return "bad";
    case Verification::Outcome::kNotChecked: break;
  }
  return "not_checked";
}

Cell outcome_cell(Verification::Outcome outcome, Language language) {
  const std::string name(name_of(outcome));
  switch (outcome) {
    case Verification::Outcome::kGood:
      return cell(Text{"good", "正確"}.in(language), name, Colour::kGreen);
    case Verification::Outcome::kBad:
      return cell(Text{"BAD", "錯誤"}.in(language), name, Colour::kRed);
    case Verification::Outcome::kNotChecked: break;
  }
  return cell(Text{"not checked", "未查驗"}.in(language), name, Colour::kYellow);
}

Json both(const Text& text) {
  return {{"en", text.en}, {"zh-TW", text.zh_tw}};
}

Answer view(const evidence::VerificationReport& report, Language language) {
  Answer answer;
  Json entries = Json::array();
  answer.grid.headings = {{"outcome", {"Outcome", "結果"}},
                          {"subject", {"What was checked", "查驗項目"}},
                          {"detail", {"Detail", "說明"}}};
  for (const auto& entry : report.entries) {
    entries.push_back({{"outcome", name_of(entry.outcome)},
                       {"subject", both(entry.subject)},
                       {"detail", both(entry.detail)}});
    answer.grid.rows.push_back({outcome_cell(entry.outcome, language),
                                cell(entry.subject.in(language)), cell(entry.detail.in(language))});
  }
  const bool is_good = report.is_good();
  answer.json = {{"good", is_good}, {"entries", std::move(entries)}};
  answer.text = [grid = answer.grid, is_good](const Screen& screen) {
    const Text good{"The evidence is as it was signed.", "證據與簽章時相同。"};
    const Text bad{"The evidence does NOT hold.", "證據查驗不通過。"};
    return to_table(grid, screen) + '\n' +
           screen.paint(is_good ? Colour::kGreen : Colour::kRed,
                        (is_good ? good : bad).in(screen.language)) +
           '\n';
  };
  return answer;
}

struct VerifyOptions {
  std::string bundle;
  std::string ca;
  std::string ledger_key;
  std::vector<std::string> witnesses;
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

int run_verify(const Session& session, const VerifyOptions& options) {
  const auto bytes = read_file(options.bundle, evidence::kMaxBundleBytes);
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
    trust.witnesses.push_back(std::move(*key));
  }
  const auto bundle = evidence::bundle_from_bytes(*bytes);
  if (!bundle) return session.report(bundle.error().within(options.bundle));
  const auto report = evidence::verify(*bundle, trust);
  return session.deliver(view(report, session.language), report.is_good() ? kDone : kBadData);
}

}  // namespace

void add_verify_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<VerifyOptions>();
  auto* command =
      add_command(app, session, "verify",
                  {"Check an exported bundle: signatures, digests, the chain; works offline",
                   "離線查驗匯出的證據：簽章、摘要值、前後鏈結"},
                  [&session, options] { return run_verify(session, *options); });
  command->add_option("file", options->bundle, session.say({"the bundle", "證據檔案"}))->required();
  command->add_option("--ca", options->ca,
                      session.say({"the CA that you trust, PEM; else the bundle's own is used, and "
                                   "nobody vouches for it",
                                   "您信任的 CA（PEM）；未提供時使用檔案內附者，無人為其背書"}));
  command->add_option("--ledger-key", options->ledger_key,
                      session.say({"the public key of the collector's ledger, or a file with it; "
                                   "then everything must be in that ledger, and its CA is trusted",
                                   "收集伺服器帳本的公鑰，或存放公鑰的檔案；提供後，所有清單都必須"
                                   "登載於該帳本，並信任帳本所載的 CA"}));
  command->add_option("--witness", options->witnesses,
                      session.say({"the public key of a witness, or a file with it; may be repeated",
                                   "見證者的公鑰，或存放公鑰的檔案；可重複指定"}));
}

}  // namespace assay::cli
