#include "cli/commands/command.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "cli/client/rest_client.h"
#include "cli/terminal/width.h"
#include "evidence/refusal.h"
#include "evidence/timestamp.h"

namespace assay::cli {

int Session::report(const Error& error) const {
  (void)std::fprintf(stderr, "%s%s\n", say({"assay: ", "assay："}).c_str(),
                     harmless(error.in(language)).c_str());
  return exit_code_for(error);
}

int Session::deliver(const Answer& answer, int code) const {
  auto targets = parse_outputs(outputs);
  if (!targets) return report(targets.error());
  if (is_quiet) std::erase_if(*targets, [](const auto& target) { return target.path.empty(); });
  const auto done = cli::deliver(answer, *targets, this_screen(language));
  return done ? code : report(done.error());
}

void Session::note(const std::string& line) const {
  if (!is_quiet) (void)std::fprintf(stderr, "%s\n", line.c_str());
}

int Session::ask(const std::function<Result<Json>(Remote&)>& question,
                 const std::function<Answer(Json, Language)>& view,
                 const std::function<int(const Json&)>& judge) const {
  // A wrong -o is known before anybody is asked.
  if (const auto targets = parse_outputs(outputs); !targets) return report(targets.error());
  const auto remote = connect();
  if (!remote) return report(remote.error());
  auto json = question(**remote);
  if (!json) {
    const int code = report(json.error());
    // 66 is about files; what the collector does not have is a plain failure.
    return code == kCannotOpen ? kToolError : code;
  }
  const int code = judge ? judge(*json) : kDone;
  return deliver(view(std::move(*json), language), code);
}

CLI::App* add_command(CLI::App& parent, Session& session, const std::string& name, const Text& what,
                      std::function<int()> run) {
  auto* command = parent.add_subcommand(name, session.say(what));
  command->fallthrough();
  if (run) command->callback([&session, run = std::move(run)] { session.run = run; });
  return command;
}

Result<std::string> moment(std::string_view text, std::chrono::sys_seconds now) {
  if (text == "now") return evidence::to_timestamp(now);
  if (evidence::from_timestamp(text) || evidence::from_date(text)) return std::string(text);
  std::int64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  const bool has_unit =
      read.ec == std::errc() && read.ptr + 1 == end && count > 0 && count < 100'000;
  if (has_unit && *read.ptr == 'h') return evidence::to_timestamp(now - std::chrono::hours(count));
  if (has_unit && *read.ptr == 'd') return evidence::to_timestamp(now - std::chrono::days(count));
  if (has_unit && *read.ptr == 'w') return evidence::to_timestamp(now - std::chrono::weeks(count));
  return refuse(Code::kUsage,
                {"\"{}\": write 2026-11-21, 2026-11-21T08:00:00Z, 7d or now",
                 "「{}」：請寫成 2026-11-21、2026-11-21T08:00:00Z、7d 或 now"},
                text);
}

Result<std::string> moment_or_none(std::string_view text) {
  if (text.empty()) return std::string();
  return moment(text, std::chrono::time_point_cast<std::chrono::seconds>(
                          std::chrono::system_clock::now()));
}

}  // namespace assay::cli
