#include "agent/probes/linux/network/shares/exports_file.h"

#include <optional>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxWords = 5'000;  // of one line
constexpr std::size_t kMaxText = 4'096;

bool is_octal(char digit) {
  return digit >= '0' && digit <= '7';
}

// One word: blanks may be quoted, bytes written as \040.
std::string take_word(std::string_view& text) {
  std::string word;
  bool is_quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (is_quoted || (text[at] != ' ' && text[at] != '\t')); ++at) {
    const auto rest = text.substr(at);
    if (text[at] == '"') {
      is_quoted = !is_quoted;
    } else if (rest.size() >= 4 && rest[0] == '\\' && is_octal(rest[1]) && is_octal(rest[2]) &&
               is_octal(rest[3])) {
      word += static_cast<char>((rest[1] - '0') * 64 + (rest[2] - '0') * 8 + (rest[3] - '0'));
      at += 3;
    } else {
      word += text[at];
    }
  }
  text = trimmed(text.substr(at));
  return word;
}

// The words of a line. Options in parentheses belong to the word before when they touch it.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  text = trimmed(text);
  while (!text.empty() && words.size() < kMaxWords) words.push_back(take_word(text));
  return words;
}

void apply(std::string_view option, NfsExport& given) {
  if (option == "rw") given.is_read_only = false;
  if (option == "ro") given.is_read_only = true;
  if (option == "root_squash") given.is_root_squashed = true;
  if (option == "no_root_squash") given.is_root_squashed = false;
  if (option == "all_squash") given.is_all_squashed = true;
  if (option == "no_all_squash") given.is_all_squashed = false;
  if (option == "secure") given.is_secure_port = true;
  if (option == "insecure") given.is_secure_port = false;
  if (option.starts_with("sec=")) given.security = option.substr(4);
}

void apply_all(std::string_view options, NfsExport& given) {
  if (options.empty()) return;
  if (!given.options.empty()) given.options += ',';
  given.options += options.substr(0, kMaxText);
  while (!options.empty()) {
    const auto end = std::min(options.find(','), options.size());
    apply(trimmed(options.substr(0, end)), given);
    options.remove_prefix(std::min(end + 1, options.size()));
  }
}

void add_line(std::string_view text, std::int64_t number, std::vector<NfsExport>& exports) {
  const auto words = words_of(text);
  if (words.empty() || exports.size() + words.size() > kMaxExports) return;
  std::string defaults;
  const NfsExport base{
      .path = words[0], .client = "*", .options = {}, .line = number, .security = "sys"};
  bool has_client = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.starts_with('-')) {
      defaults = word.substr(1);
      continue;
    }
    auto given = base;
    const auto open = word.find('(');
    const auto client = word.substr(0, open);
    if (!client.empty()) given.client = client;
    apply_all(defaults, given);
    if (open != std::string_view::npos) {
      auto options = word.substr(open + 1);
      apply_all(options.substr(0, options.find(')')), given);
    }
    exports.push_back(std::move(given));
    has_client = true;
  }
  if (has_client) return;
  auto given = base;
  apply_all(defaults, given);
  exports.push_back(std::move(given));
}

}  // namespace

std::vector<NfsExport> parse_exports(std::string_view text) {
  std::vector<NfsExport> exports;
  Lines lines(text);
  std::string joined;
  std::int64_t start = 0;
  while (const auto line = lines.next()) {
    auto content = *line;
    if (joined.empty()) start = lines.number();
    const bool goes_on = content.ends_with('\\');
    if (goes_on) content.remove_suffix(1);
    // What stands behind "#" is no part of the line, unless it is quoted.
    bool is_quoted = false;
    std::size_t end = 0;
    for (; end < content.size() && (is_quoted || content[end] != '#'); ++end)
      if (content[end] == '"') is_quoted = !is_quoted;
    joined.append(content.substr(0, end)).push_back(' ');
    if (goes_on && joined.size() < (std::size_t{1} << 20U)) continue;
    add_line(joined, start, exports);
    joined.clear();
  }
  if (!joined.empty()) add_line(joined, start, exports);
  return exports;
}

}  // namespace assay::agent
