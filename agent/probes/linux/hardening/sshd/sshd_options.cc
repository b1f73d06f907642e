#include "agent/probes/linux/hardening/sshd/sshd_options.h"

#include <array>

#include "agent/probes/linux/hardening/sshd/sshd_lines.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

struct Place {
  std::string_view path;
  std::string_view variable;
};
// Red Hat 8 passes the system's policy on the command line; later releases include a file of
// the same name, written as sshd_config, in which the variable is not found.
constexpr std::array<Place, 4> kPlaces = {{
    {"/etc/default/ssh", "SSHD_OPTS"},
    {"/etc/sysconfig/sshd", "OPTIONS"},
    {"/etc/sysconfig/ssh", "SSHD_OPTS"},
    {"/etc/crypto-policies/back-ends/opensshserver.config", "CRYPTO_POLICY"},
}};

std::string_view without_quotes(std::string_view text) {
  if (text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0])
    return text.substr(1, text.size() - 2);
  return text;
}

std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const auto word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

// "-oPort=22": the letter's value, in the same word or the next.
std::string_view value_of(std::string_view word, std::string_view& rest) {
  return word.size() > 2 ? word.substr(2) : next_word(rest);
}

void add_keyword(std::string_view text, const std::string& source, std::int64_t line,
                 std::vector<SshdOption>& options) {
  const auto parsed = parse_sshd_lines(without_quotes(text));
  if (!parsed) return;  // sshd does not start with it; the file alone tells what it would do
  for (const auto& one : *parsed) options.push_back({one.keyword, one.arguments, source, line});
}

}  // namespace

std::vector<SshdOption> parse_sshd_options(std::string_view value, const std::string& source,
                                           std::int64_t line) {
  std::vector<SshdOption> options;
  auto rest = without_quotes(trimmed(value));
  while (!rest.empty()) {
    const auto word = next_word(rest);
    if (word.size() < 2 || word[0] != '-') continue;
    switch (word[1]) {
      case 'o': add_keyword(value_of(word, rest), source, line, options); break;
      case 'p':
        options.push_back({"port", {std::string(value_of(word, rest))}, source, line});
        break;
      case 'f':
        options.push_back(
            {std::string(kSshdFileOption), {std::string(value_of(word, rest))}, source, line});
        break;
      case '4': options.push_back({"addressfamily", {"inet"}, source, line}); break;
      case '6': options.push_back({"addressfamily", {"inet6"}, source, line}); break;
      default: break;
    }
  }
  return options;
}

Result<std::vector<SshdOption>> read_sshd_options(Host& host) {
  std::vector<SshdOption> all;
  for (const auto& place : kPlaces) {
    const auto text = host.read_file(place.path, kMaxConfigBytes);
    if (!text) {
      if (text.error().code() == Code::kNotFound) continue;
      return fail(text.error());
    }
    Lines lines(*text);
    while (const auto line = lines.next()) {
      const auto content = trimmed(*line);
      if (!content.starts_with(place.variable)) continue;
      const auto value = content.substr(place.variable.size());
      if (!value.starts_with('=')) continue;
      const auto options =
          parse_sshd_options(value.substr(1), std::string(place.path), lines.number());
      all.insert(all.end(), options.begin(), options.end());
    }
  }
  return all;
}

}  // namespace assay::agent
