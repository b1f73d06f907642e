#include "agent/probes/linux/operations/time/chrony_conf.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxWords = 64;
constexpr std::size_t kMaxIncludes = 100;

// With NTS or a key the answers cannot be forged.
bool is_authenticated(const std::vector<std::string_view>& words) {
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (equals_ignoring_case(words[i], "nts")) return true;
    if (equals_ignoring_case(words[i], "key") && i + 1 < words.size() && words[i + 1] != "0")
      return true;
  }
  return false;
}

void add_folders(const std::vector<std::string_view>& words, std::vector<std::string>& folders) {
  for (std::size_t i = 1; i < words.size() && folders.size() < kMaxIncludes; ++i)
    folders.emplace_back(words[i]);
}

Status add_source(const std::vector<std::string_view>& words, std::string_view kind,
                  std::int64_t line, ChronyConf& conf) {
  if (conf.sources.size() == kMaxTimeSources) return fail(Code::kTooLarge, "too many sources");
  TimeSource source{.kind = std::string(kind), .place = {.source = {}, .line = line}};
  source.server = words[1];
  if (kind == "refclock") {
    if (words.size() > 2) source.server.append(" ").append(words[2]);
  } else {
    source.is_authenticated = is_authenticated(words);
  }
  conf.sources.push_back(std::move(source));
  return {};
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (words.size() < kMaxWords) {
    const auto start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) break;
    const auto end = std::min(line.find_first_of(" \t\r", start), line.size());
    words.push_back(line.substr(start, end - start));
    line.remove_prefix(end);
  }
  return words;
}

Result<ChronyConf> parse_chrony_conf(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return fail(Code::kInvalidData, "no text: it holds a zero byte");
  ChronyConf conf;
  Lines lines(text);
  while (const auto raw = lines.next()) {
    const auto line = trimmed(*raw);
    constexpr std::string_view kComments = "!;#%";
    if (line.empty() || kComments.find(line[0]) != std::string_view::npos) continue;
    const auto words = words_of(line);
    if (words.size() < 2) continue;
    for (const std::string_view kind : {"server", "pool", "peer", "refclock"})
      if (equals_ignoring_case(words[0], kind))
        if (auto done = add_source(words, kind, lines.number(), conf); !done)
          return fail(std::move(done.error()));
    if (equals_ignoring_case(words[0], "include") && conf.includes.size() < kMaxIncludes)
      conf.includes.emplace_back(words[1]);
    if (equals_ignoring_case(words[0], "confdir")) add_folders(words, conf.conf_folders);
    if (equals_ignoring_case(words[0], "sourcedir")) add_folders(words, conf.source_folders);
  }
  return conf;
}

}  // namespace assay::agent
