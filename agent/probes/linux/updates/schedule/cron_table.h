// Tables of cron: /etc/crontab, cron.d and the users' own. And anacron's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

enum class CronKind {
  kSystem,   // the sixth field is the account
  kUser,     // of one account
  kAnacron,  // period, delay, name, command
};

struct CronLine {
  std::string schedule;  // "30 3 * * 0", "@daily"; empty when the line is not understood
  std::string user;      // for kSystem
  std::string name;      // for kAnacron
  std::string command;   // in full: may hold secrets, never for a table
  std::int64_t line = 0;
};

// Lines that set a variable are left out. A line that is no entry is given without a schedule.
[[nodiscard]] std::vector<CronLine> parse_cron_table(std::string_view text, CronKind kind);

// The program that a command of the shell is about, without arguments: tests, assignments and such
// words as "nice" before it are skipped. Empty when there is no plain word.
[[nodiscard]] std::string program_of_command(std::string_view command);

}  // namespace assay::agent
