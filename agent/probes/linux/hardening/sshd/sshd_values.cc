// How values are written: the part of sshd_keywords.h that turns arguments into text.
#include <fnmatch.h>

#include <limits>

#include "agent/probes/linux/hardening/sshd/sshd_keywords.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

std::string joined(const std::vector<std::string>& arguments) {
  std::string all;
  for (const auto& argument : arguments) all.append(all.empty() ? "" : " ").append(argument);
  return all;
}

char in_capitals(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::int64_t seconds_of(char unit) {
  switch (unit) {
    case 's':
    case 'S': return 1;
    case 'm':
    case 'M': return 60;
    case 'h':
    case 'H': return 3600;
    case 'd':
    case 'D': return 86'400;
    case 'w':
    case 'W': return 604'800;
    default: return 0;
  }
}

// "1h30m" in seconds; nothing when it is not a time.
std::optional<std::int64_t> seconds(std::string_view text) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  std::int64_t total = 0;
  while (!text.empty()) {
    std::int64_t number = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits)
      number = std::min(number * 10 + (text[digits] - '0'), kMost);
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    std::int64_t unit = 1;
    if (!text.empty()) {
      unit = seconds_of(text[0]);
      if (unit == 0) return std::nullopt;
      text.remove_prefix(1);
    }
    total = std::min(total + number * unit, kMost);
  }
  return total;
}

template <typename Visit>
void for_each_name(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (const auto name = list.substr(0, comma); !name.empty()) visit(name);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
}

bool has_name(std::string_view list, std::string_view wanted) {
  bool found = false;
  for_each_name(list, [&](std::string_view name) { found = found || name == wanted; });
  return found;
}

void add_name(std::string& list, std::string_view name) {
  if (has_name(list, name)) return;
  if (!list.empty()) list += ',';
  list += name;
}

bool fits_any(std::string_view patterns, std::string_view name) {
  bool fits = false;
  for_each_name(patterns, [&](std::string_view pattern) {
    fits = fits || ::fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), 0) == 0;
  });
  return fits;
}

SshdText algorithms(std::string_view written, std::string_view builtin) {
  const char change = written.empty() ? '\0' : written[0];
  if (change != '+' && change != '-' && change != '^') return {std::string(written), {}};
  if (builtin.empty())
    return {std::nullopt, "'" + std::string(written) +
                              "' changes the built-in list, which is not known for this sshd"};
  const auto names = written.substr(1);
  std::string list;
  const auto add = [&](std::string_view name) { add_name(list, name); };
  if (change == '+') {
    for_each_name(builtin, add);
    for_each_name(names, add);
  } else if (change == '^') {
    for_each_name(names, add);
    for_each_name(builtin, add);
  } else {
    for_each_name(builtin, [&](std::string_view name) {
      if (!fits_any(names, name)) add(name);
    });
  }
  return {std::move(list), {}};
}

// sftp's own programs take no secrets; of all others only the program is shown.
SshdText command(const SshdKeyword& keyword, const std::vector<std::string>& arguments) {
  const std::size_t shown = keyword.name == "subsystem" ? 2 : 1;
  if (arguments.size() <= shown && arguments.back().find(' ') == std::string::npos)
    return {joined(arguments), {}};
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, arguments.size()); ++i)
    text.append(text.empty() ? "" : " ").append(arguments[i], 0, arguments[i].find(' '));
  const auto program = std::string_view(text).substr(text.rfind(' ') + 1);
  if (program == "internal-sftp" || program.ends_with("/sftp-server"))
    return {joined(arguments), {}};
  return {std::move(text), "the program's arguments are left out"};
}

SshdText names_only(const std::vector<std::string>& arguments) {
  std::string names;
  for (const auto& argument : arguments)
    names.append(names.empty() ? "" : " ").append(argument, 0, argument.find('='));
  return {std::move(names), "the values are left out"};
}

// "1G 1h" as bytes and seconds; "default" and "none" are 0.
std::optional<std::string> rekey_limit(const std::vector<std::string>& arguments) {
  std::string_view size = arguments.front();
  std::int64_t factor = 1;
  constexpr std::string_view kUnits = "KMG";
  if (!size.empty()) {
    const auto unit = kUnits.find(in_capitals(size.back()));
    if (unit != std::string_view::npos) {
      factor = std::int64_t{1} << (10 * (unit + 1));
      size.remove_suffix(1);
    }
  }
  constexpr std::int64_t kMostUnits = 1'000'000'000;
  const auto bytes =
      in_small_letters(size) == "default" ? std::int64_t{0} : decimal(size).value_or(-1);
  if (bytes < 0 || bytes > kMostUnits) return std::nullopt;
  std::optional<std::int64_t> time = 0;
  if (arguments.size() > 1 && in_small_letters(arguments[1]) != "none")
    time = seconds(arguments[1]);
  if (!time) return std::nullopt;
  return std::to_string(bytes * factor) + " " + std::to_string(*time);
}

std::string word(const SshdKeyword& keyword, const std::vector<std::string>& arguments) {
  auto text = in_small_letters(joined(arguments));
  if (text == "true") return "yes";
  if (text == "false") return "no";
  if (keyword.name == "permitrootlogin" && text == "without-password") return "prohibit-password";
  if (keyword.name == "compression" && text == "delayed") return "yes";
  return text;
}

}  // namespace

SshdText sshd_value_text(const SshdKeyword& keyword, const std::vector<std::string>& arguments,
                         std::string_view builtin) {
  switch (keyword.kind) {
    case SshdValue::kWord: return {word(keyword, arguments), {}};
    case SshdValue::kSeconds: {
      const auto time = seconds(arguments.front());
      if (time) return {std::to_string(*time), {}};
      return {joined(arguments), {}};
    }
    case SshdValue::kList: return algorithms(arguments.front(), builtin);
    case SshdValue::kCommand: return command(keyword, arguments);
    case SshdValue::kNames: return names_only(arguments);
    case SshdValue::kEach:
    case SshdValue::kAdds:
    case SshdValue::kText: break;
  }
  if (keyword.name == "rekeylimit")
    if (auto limit = rekey_limit(arguments)) return {*std::move(limit), {}};
  if (keyword.name == "loglevel" || keyword.name == "syslogfacility") {
    auto text = joined(arguments);
    for (char& c : text) c = in_capitals(c);
    return {std::move(text), {}};
  }
  return {joined(arguments), {}};
}

}  // namespace assay::agent
