// Any bytes as tables of cron, units of systemd and files of repositories. A program is a plain
// word of its command, never what stands in quotes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/updates/schedule/cron_table.h"
#include "agent/probes/linux/updates/schedule/unit_files.h"
#include "agent/probes/linux/updates/section_rules.h"

namespace {

using namespace assay::agent;

void check(std::string_view command) {
  const auto program = program_of_command(command);
  if (program.empty()) return;
  if (!command.contains(program)) std::abort();
  if (program.find_first_of(" \t\n'\"`=;|&<>()") != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text);
  for (const auto kind : {CronKind::kSystem, CronKind::kUser, CronKind::kAnacron})
    for (const auto& line : parse_cron_table(text, kind)) {
      if (line.line < 1 || line.schedule.empty() != line.command.empty()) std::abort();
      check(line.command);
    }
  TimerUnit timer;
  ServiceUnit service;
  if (!add_timer_text(text, timer) || !add_service_text(text, service)) std::abort();
  (void)parse_sections(text, kRepositorySections);  // must only end
  return 0;
}
