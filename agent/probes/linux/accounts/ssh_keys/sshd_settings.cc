#include "agent/probes/linux/accounts/ssh_keys/sshd_settings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/probes/linux/text/file_patterns.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 2> kMainFiles = {"/etc/ssh/sshd_config",
                                                        "/usr/etc/ssh/sshd_config"};
constexpr std::size_t kMaxDepth = 16;  // sshd's own bound
constexpr std::size_t kMaxFiles = 1024;
constexpr std::size_t kMaxWords = 100'000;

// "Name value", "Name=value", "Name = value".
std::pair<std::string_view, std::string_view> split_line(std::string_view line) {
  const auto end = std::min(line.size(), line.find_first_of(" \t="));
  auto value = trimmed(line.substr(end));
  if (value.starts_with('=')) value = trimmed(value.substr(1));
  return {line.substr(0, end), value};
}

}  // namespace

struct SshdSettings::Reading {
  Host& host;
  std::vector<SshdWord>& words;
  std::size_t files = 0;

  // False when there is no such file. A Match block ends with the file that it stands in.
  Result<bool> add_file(const std::string& path, std::string match, std::size_t depth) {
    if (depth > kMaxDepth || ++files > kMaxFiles)
      return fail(Code::kTooLarge, "sshd_config includes nested or multiplied too far at " + path);
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) return false;
    if (!text) return fail(text.error());
    Lines lines(*text);
    while (const auto line = lines.next()) {
      const auto whole = trimmed(*line);
      if (whole.empty() || whole[0] == '#') continue;
      const auto [written, value] = split_line(whole);
      auto name = in_small_letters(written);
      if (name == "match") {
        const auto condition = in_small_letters(value);
        match = condition == "all" ? "" : std::string(value);
        continue;
      }
      if (name == "include") {
        if (auto done = add_includes(value, match, depth); !done) return fail(done.error());
        continue;
      }
      if (words.size() >= kMaxWords) return fail(Code::kTooLarge, path + " has too many lines");
      words.push_back({std::move(name), std::string(value), path, lines.number(), match});
    }
    return true;
  }

  Status add_includes(std::string_view value, const std::string& match, std::size_t depth) {
    for (auto& pattern : sshd_arguments(value)) {
      if (!pattern.starts_with('/')) pattern = "/etc/ssh/" + pattern;
      const auto included = files_that_match(host, pattern);
      if (!included) return fail(included.error());
      for (const auto& file : *included)
        if (auto done = add_file(file, match, depth + 1); !done) return fail(done.error());
    }
    return {};
  }
};

Result<SshdSettings> SshdSettings::read(Host& host) {
  SshdSettings settings;
  Reading reading{.host = host, .words = settings.words_};
  for (const auto path : kMainFiles) {
    const auto done = reading.add_file(std::string(path), {}, 0);
    if (!done) return fail(done.error());
    if (*done) return settings;
  }
  return fail(Code::kNotFound, "there is no /etc/ssh/sshd_config");
}

const SshdWord* SshdSettings::global(std::string_view name) const {
  const auto found = std::ranges::find_if(
      words_, [&](const SshdWord& word) { return word.match.empty() && word.name == name; });
  return found == words_.end() ? nullptr : &*found;
}

std::string SshdSettings::value(std::string_view name, std::string_view otherwise) const {
  const auto* word = global(name);
  if (word == nullptr) return std::string(otherwise);
  const auto words = sshd_arguments(word->value);
  return in_small_letters(words.empty() ? "" : words[0]);
}

std::vector<const SshdWord*> SshdSettings::matched(std::string_view name) const {
  std::vector<const SshdWord*> found;
  for (const auto& word : words_)
    if (!word.match.empty() && word.name == name) found.push_back(&word);
  return found;
}

std::vector<std::string> sshd_arguments(std::string_view value) {
  std::vector<std::string> arguments;
  bool is_quoted = false;
  bool is_open = false;
  for (const char c : value) {
    if (c == '#' && !is_quoted && !is_open) break;
    if (c == '"') {
      is_quoted = !is_quoted;
      if (!is_open) arguments.emplace_back();
      is_open = true;
    } else if (!is_quoted && (c == ' ' || c == '\t')) {
      is_open = false;
    } else {
      if (!is_open) arguments.emplace_back();
      is_open = true;
      arguments.back() += c;
    }
  }
  return arguments;
}

}  // namespace assay::agent
