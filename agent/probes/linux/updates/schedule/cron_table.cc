#include "agent/probes/linux/updates/schedule/cron_table.h"

#include <algorithm>
#include <array>
#include <optional>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxProgramBytes = 512;
constexpr std::size_t kMaxCronLines = 20'000;

// Where the first of `ends` stands outside of quotes and of $(…); the text's end if nowhere. What
// stands in quotes may be a secret, and is never taken for a word of its own.
std::size_t find_outside_quotes(std::string_view text, std::string_view ends) {
  char quote = '\0';
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'') {
      ++i;
    } else if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    } else if (c == '(' && i > 0 && (depth > 0 || text[i - 1] == '$')) {
      ++depth;
    } else if (c == ')' && depth > 0) {
      --depth;
    } else if (depth == 0 && ends.contains(c)) {
      return i;
    }
  }
  return text.size();
}

std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const auto end = find_outside_quotes(text, " \t");
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// NAME=value, also with blanks around the sign.
bool is_assignment(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  auto name = trimmed(line.substr(0, equals));
  if (name.size() >= 2 && (name[0] == '"' || name[0] == '\''))
    name = name.substr(1, name.size() - 2);
  return !name.empty() && is_letter(name[0]) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); });
}

// A field of a time: digits, names of days and months, and what cron allows between them.
bool is_time_field(std::string_view field) {
  return !field.empty() && std::ranges::all_of(field, [](char c) {
    return is_digit(c) || is_letter(c) || std::string_view("*/,-~?#").contains(c);
  });
}

// Whether each number in a field of a time may stand there; what is behind "/" is a step.
bool is_in_range(std::string_view field, std::size_t position) {
  constexpr std::array<std::pair<int, int>, 5> kRanges = {
      {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}};
  const auto [least, most] = kRanges[position];
  for (std::size_t i = 0; i < field.size();) {
    if (!is_digit(field[i])) {
      ++i;
      continue;
    }
    const bool is_step = i > 0 && (field[i - 1] == '/' || is_letter(field[i - 1]));
    int number = 0;
    for (; i < field.size() && is_digit(field[i]); ++i)
      number = std::min(number * 10 + (field[i] - '0'), 1000);
    if (!is_step && (number < least || number > most)) return false;
  }
  return true;
}

// Only months and days of the week have names, of three letters.
bool is_name_allowed(std::string_view field, std::size_t position) {
  return position >= 3 || std::ranges::none_of(field, is_letter);
}

// Such names as "@daily", and what stands behind the sign where cron or anacron is another one.
bool is_named_time(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames = {
      "reboot", "yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly", "every"};
  return std::ranges::find(kNames, name) != kNames.end() || name.starts_with("every_") ||
         std::ranges::all_of(name, is_digit);
}

CronLine parse_line(std::string_view rest, CronKind kind, std::int64_t number) {
  CronLine entry{.line = number};
  const auto whole = rest;
  const std::size_t fields = kind == CronKind::kAnacron ? 2 : whole.starts_with('@') ? 1 : 5;
  std::string schedule;
  for (std::size_t i = 0; i < fields; ++i) {
    const auto word = take_word(rest);
    const bool is_name = word.starts_with('@');
    if (!is_time_field(is_name ? word.substr(1) : word)) return entry;
    if (is_name && !is_named_time(word.substr(1))) return entry;
    if (fields == 5 && (!is_in_range(word, i) || !is_name_allowed(word, i))) return entry;
    schedule.append(i == 0 ? "" : " ").append(word);
  }
  if (kind == CronKind::kSystem) entry.user = take_word(rest);
  if (kind == CronKind::kAnacron) entry.name = take_word(rest);
  entry.command = trimmed(rest);
  if (entry.command.empty()) return CronLine{.line = number};
  entry.schedule = std::move(schedule);
  return entry;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

// What stands before the program proper, and how many words of its own it takes.
std::optional<int> words_of_wrapper(std::string_view word) {
  constexpr std::array<std::string_view, 12> kPlain = {"nice", "ionice", "sudo",    "chronic",
                                                       "exec", "nohup",  "setsid",  "env",
                                                       "time", "eval",   "command", "run-one"};
  constexpr std::array<std::string_view, 2> kWithOne = {"timeout", "flock"};
  if (is_one_of(base_name(word), kPlain)) return 0;
  if (is_one_of(base_name(word), kWithOne)) return 1;
  return std::nullopt;
}

// Options of wrappers whose value is the next word: "nice -n 10", "sudo -u backup".
bool takes_value(std::string_view option) {
  constexpr std::array<std::string_view, 8> kWithValue = {"-n", "-c", "-u", "-g",
                                                          "-w", "-p", "-k", "-s"};
  return is_one_of(option, kWithValue);
}

// The first word of a simple command that is not only there to prepare another.
std::string_view program_of_part(std::string_view part) {
  int skip = 0;
  bool in_wrapper = false;
  std::string_view wrapper;
  while (true) {
    auto word = take_word(part);
    while (word.starts_with('(') || word.starts_with('{')) word.remove_prefix(1);
    if (word.empty() && trimmed(part).empty()) return {};
    if (word.empty() || is_assignment(word)) continue;
    if (in_wrapper && word.starts_with('-')) {
      const bool is_flag_of_flock = base_name(wrapper) == "flock" && word == "-n";
      if (takes_value(word) && !is_flag_of_flock) (void)take_word(part);  // the option's value
      continue;
    }
    if (skip > 0) {
      --skip;
      continue;
    }
    const auto taken = words_of_wrapper(word);
    if (!taken) return word;
    skip = *taken;
    in_wrapper = true;
    wrapper = word;
  }
}

bool is_plain(std::string_view word) {
  return !word.empty() && word.size() <= kMaxProgramBytes && std::ranges::all_of(word, [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("/.+-@%:~$").contains(c);
  });
}

}  // namespace

std::vector<CronLine> parse_cron_table(std::string_view text, CronKind kind) {
  std::vector<CronLine> entries;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    if (content.empty() || content[0] == '#') continue;
    const bool is_entry = content[0] == '*' || content[0] == '@' || is_digit(content[0]);
    if (!is_entry && is_assignment(content)) continue;
    entries.push_back(parse_line(content, kind, lines.number()));
    if (entries.size() == kMaxCronLines) break;
  }
  return entries;
}

std::string program_of_command(std::string_view command) {
  // Words that prepare, test or tell, but are not what the task is about.
  constexpr std::array<std::string_view, 20> kMinor = {
      "test", "[",    "[[",    "cd", "export", "set",  "umask",  "if",    "then",   "else",
      "exit", "true", "false", ":",  ".",      "echo", "printf", "sleep", "source", "trap"};
  while (!command.empty()) {
    const auto end = find_outside_quotes(command, "&|;");
    const auto program = program_of_part(command.substr(0, end));
    if (!program.empty() && !is_one_of(program, kMinor))
      return is_plain(program) ? std::string(program) : std::string();
    command.remove_prefix(std::min(end + 1, command.size()));
  }
  return {};
}

}  // namespace assay::agent
