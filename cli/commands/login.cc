// assay login
#include "cli/client/login.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/client/read_file.h"
#include "cli/client/rest_client.h"
#include "cli/commands/command.h"
#include "cli/views/views.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

constexpr std::size_t kMaxSmallFile = 1U << 20U;

struct Words {
  std::string url;
  std::string token;
  std::string token_file;
  std::string ca;
  std::string fingerprint;
};

Result<std::string> given_token(const Words& words) {
  if (!words.token.empty()) return words.token;
  if (!words.token_file.empty()) return read_file(words.token_file, kMaxSmallFile);
  const char* token = std::getenv("ASSAY_TOKEN");
  if (token != nullptr && *token != '\0') return std::string(token);
  return refuse(Code::kUsage, {"a token is needed: --token-file FILE, $ASSAY_TOKEN or --token",
                               "需要權杖：--token-file 檔案、$ASSAY_TOKEN 或 --token"});
}

// Colons and capitals as other programs print fingerprints.
Result<evidence::Digest> read_fingerprint(std::string text) {
  std::erase(text, ':');
  for (auto& c : text)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  auto digest = evidence::Digest::from_hex(text);
  if (!digest)
    return refuse(Code::kUsage, {"a fingerprint has 64 hexadecimal digits (SHA-256)",
                                 "指紋須為 64 個十六進位數字（SHA-256）"});
  return digest;
}

Result<std::string> trusted_ca(const Words& words, const std::string& url,
                               const std::string& from_token) {
  if (!words.ca.empty()) return read_file(words.ca, kMaxSmallFile);
  const auto& hex = words.fingerprint.empty() ? from_token : words.fingerprint;
  if (hex.empty())
    return refuse(
        Code::kUsage,
        {"how to know the collector: --ca FILE or --fingerprint HEX (this token names none)",
         "請指定如何確認收集伺服器：--ca 檔案，或 --fingerprint 指紋（這個權杖未附指紋）"});
  const auto fingerprint = read_fingerprint(hex);
  if (!fingerprint) return fail(fingerprint.error());
  return certificate_shown_by(url, *fingerprint);
}

Result<Json> log_in(const Words& words) {
  auto url = normal_url(words.url);
  if (!url) return fail(url.error());
  const auto token = given_token(words);
  if (!token) return fail(token.error());
  auto parts = split_token(*token);
  if (parts.secret.empty()) return refuse(Code::kUsage, {"the token is empty", "權杖是空的"});
  auto ca = trusted_ca(words, *url, parts.ca_fingerprint);
  if (!ca) return fail(ca.error());
  const Login login{std::move(*url), std::move(parts.secret), std::move(*ca)};
  auto client = RestClient::open(login);
  if (!client) return fail(client.error());
  auto who = (*client)->get({"whoami"}, {});
  if (!who) return fail(who.error());
  if (auto saved = save(login); !saved) return fail(saved.error());
  return who;
}

int run_login(const Session& session, const Words& words) {
  auto who = log_in(words);
  if (!who) return session.report(who.error());
  Answer answer;
  answer.grid.headings = {{"name", {"Name", "姓名"}}, {"role", {"Role", "角色"}}};
  answer.grid.rows = {{cell(text_at(*who, "name")), cell(text_at(*who, "role"))}};
  answer.text = [who = *who](const Screen& screen) {
    return Text{"Logged in as ", "已登入："}.in(screen.language) + text_at(who, "name") + " (" +
           text_at(who, "role") + ")\n";
  };
  answer.json = std::move(*who);
  return session.deliver(answer);
}

}  // namespace

void add_login_command(CLI::App& app, Session& session) {
  const auto words = std::make_shared<Words>();
  auto* command = add_command(app, session, "login", {"Log in to a collector", "登入收集伺服器"},
                              [&session, words] { return run_login(session, *words); });
  command->add_option("url", words->url, session.say({"https://host:7444", "https://主機:7444"}))
      ->required();
  auto* token = command->add_option(
      "--token", words->token,
      session.say({"others on this machine may see it: better a file or $ASSAY_TOKEN",
                   "本機其他使用者可能看到；建議改用檔案或 $ASSAY_TOKEN"}));
  command
      ->add_option("--token-file", words->token_file,
                   session.say({"the token in a file", "權杖檔案"}))
      ->excludes(token);
  auto* ca = command->add_option(
      "--ca", words->ca, session.say({"the collector's CA, PEM", "收集伺服器的 CA（PEM）"}));
  command
      ->add_option("--fingerprint", words->fingerprint,
                   session.say({"SHA-256 of the CA's certificate; the one in the token unless said",
                                "CA 憑證的 SHA-256；預設取自權杖"}))
      ->excludes(ca);
}

}  // namespace assay::cli
