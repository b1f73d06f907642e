#include <CLI/CLI.hpp>

#include "cli/client/rest_client.h"
#include "cli/commands/command.h"
#include "cli/terminal/usage.h"

namespace assay::cli {

namespace {

// The language decides the help texts, so it is looked for before the command line is read.
std::string language_option(const std::vector<std::string>& arguments) {
  constexpr std::string_view kOption = "--lang";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (word == kOption && i + 1 < arguments.size()) return arguments[i + 1];
    if (word.starts_with("--lang=")) return std::string(word.substr(kOption.size() + 1));
  }
  return {};
}

Result<std::unique_ptr<Remote>> connect_with_login() {
  auto login = load_login();
  if (!login) return fail(login.error());
  auto client = RestClient::open(std::move(*login));
  if (!client) return fail(client.error());
  return std::unique_ptr<Remote>(std::move(*client));
}

void add_options(CLI::App& app, Session& session, std::string* language) {
  app.add_option("-o,--output", session.outputs,
                 session.say({"table, json, ndjson or csv; FORMAT=PATH writes a file; repeatable",
                              "table、json、ndjson 或 csv；FORMAT=路徑 寫入檔案；可重複"}))
      ->expected(1)
      ->take_all()
      ->type_name("FORMAT[=PATH]");
  app.add_flag(
      "-q,--quiet", session.is_quiet,
      session.say({"nothing on standard output but what fails", "除錯誤外不輸出任何訊息"}));
  app.add_option("--lang", *language, session.say({"en or zh-TW", "en 或 zh-TW"}))
      ->check(CLI::IsMember({"en", "zh-TW"}));
}

int run_version(const Session& session) {
  Answer answer;
  answer.json = {{"program", "assay"}, {"version", ASSAY_VERSION}};
  answer.grid.headings = {{"program", {"Program", "程式"}}, {"version", {"Version", "版本"}}};
  answer.grid.rows = {{cell("assay"), cell(ASSAY_VERSION)}};
  answer.text = [](const Screen&) { return "assay " ASSAY_VERSION "\n"; };
  return session.deliver(answer);
}

int run_program(const std::vector<std::string>& arguments, Session session) {
  CLI::App app(session.say(
      {"Assay: where the company's machines stand against the security guidelines, with evidence.",
       "試金石：公司的主機是否符合資通安全規範，並附證據。"}));
  app.name("assay");
  app.require_subcommand(1);
  std::string language;
  app.failure_message([&session](const CLI::App*, const CLI::Error& error) {
    return session.say(usage_report(error.get_name(), error.what()));
  });
  add_options(app, session, &language);
  add_login_command(app, session);
  add_list_commands(app, session);
  add_explain_command(app, session);
  add_scan_command(app, session);
  add_register_commands(app, session);
  add_approval_commands(app, session);
  add_ports_command(app, session);
  add_query_command(app, session);
  add_software_command(app, session);
  add_diff_command(app, session);
  add_report_commands(app, session);
  add_waiver_commands(app, session);
  add_attest_commands(app, session);
  add_evidence_commands(app, session);
  add_acts_command(app, session);
  add_pack_command(app, session);
  add_verify_command(app, session);
  add_check_commands(app, session);
  add_content_commands(app, session);
  add_command(app, session, "version", {"Print the version", "顯示版本"},
              [&session] { return run_version(session); });
  try {
    // CLI11 takes the arguments from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? kDone : kUsageError;
  }
  return session.run ? session.run() : kUsageError;
}

}  // namespace

int run(const std::vector<std::string>& arguments,
        std::function<Result<std::unique_ptr<Remote>>()> connect) {
  Session session;
  session.language = language_from(language_option(arguments));
  session.connect = connect ? std::move(connect) : connect_with_login;
  try {
    return run_program(arguments, session);
  } catch (const std::exception& error) {
    return session.report(Error(Code::kInternal, error.what()));
  }
}

}  // namespace assay::cli
