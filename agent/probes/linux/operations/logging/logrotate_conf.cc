#include "agent/probes/linux/operations/logging/logrotate_conf.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxBlocks = 10'000;
constexpr std::size_t kMaxPatterns = 10'000;

std::unexpected<Error> broken(std::int64_t line, std::string_view what) {
  return fail(Code::kInvalidData, "line " + std::to_string(line) + ": " + std::string(what));
}

struct Directive {
  std::string_view name;
  std::string_view value;
};

// "rotate 4", "rotate=4"
Directive split(std::string_view line) {
  const auto end = std::min(line.find_first_of(" \t="), line.size());
  auto value = trimmed(line.substr(end));
  if (value.starts_with('=')) value = trimmed(value.substr(1));
  return {line.substr(0, end), value};
}

bool is_script(std::string_view name) {
  constexpr std::array<std::string_view, 5> kScripts = {"prerotate", "postrotate", "firstaction",
                                                        "lastaction", "preremove"};
  return std::ranges::find(kScripts, name) != kScripts.end();
}

void apply(const Directive& directive, Rotation& rotation) {
  constexpr std::array<std::string_view, 5> kFrequencies = {"hourly", "daily", "weekly", "monthly",
                                                            "yearly"};
  const auto name = directive.name;
  if (std::ranges::find(kFrequencies, name) != kFrequencies.end() || name == "annually") {
    rotation.frequency = name == "annually" ? "yearly" : name;
    rotation.has_size = false;
  }
  if (name == "rotate") rotation.rotate = decimal(directive.value);
  if (name == "maxage") rotation.max_age_days = decimal(directive.value);
  if (name == "size") rotation.has_size = true;
  if (name == "maxsize") rotation.has_max_size = true;
  if (name == "compress") rotation.compress = true;
  if (name == "nocompress") rotation.compress = false;
}

class Parser {
 public:
  Parser(std::string_view text, const Rotation& defaults) : lines_(text) {
    conf_.defaults = defaults;
  }

  Result<LogrotateConf> parse();

 private:
  Status patterns(std::string_view text);
  Status block();
  Status skip_script();
  Status outside(std::string_view line);

  Lines lines_;
  LogrotateConf conf_;
  std::vector<std::string> pending_;  // patterns before their block
  std::int64_t pending_line_ = 0;
};

// Paths, in quotes or not, with blanks between; the last may end in the block's bracket.
Status Parser::patterns(std::string_view text) {
  if (pending_.empty()) pending_line_ = lines_.number();
  while (!(text = trimmed(text)).empty()) {
    std::string_view pattern;
    if (text[0] == '"' || text[0] == '\'') {
      const auto end = text.find(text[0], 1);
      if (end == std::string_view::npos)
        return broken(lines_.number(), "a name in quotes that does not end");
      pattern = text.substr(1, end - 1);
      text.remove_prefix(end + 1);
    } else if (text[0] == '{') {
      return block();
    } else {
      const auto end = std::min(text.find_first_of(" \t{"), text.size());
      pattern = text.substr(0, end);
      text.remove_prefix(end);
    }
    if (pending_.size() == kMaxPatterns) return fail(Code::kTooLarge, "too many files in a block");
    pending_.emplace_back(pattern);
  }
  return {};
}

Status Parser::skip_script() {
  const auto start = lines_.number();
  while (const auto raw = lines_.next())
    if (trimmed(*raw) == "endscript") return {};
  return broken(start, "a script that does not end");
}

Status Parser::block() {
  RotatedFiles files{
      .patterns = std::exchange(pending_, {}), .rotation = conf_.defaults, .line = pending_line_};
  while (const auto raw = lines_.next()) {
    const auto line = trimmed(*raw);
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '}') {
      if (conf_.blocks.size() == kMaxBlocks) return fail(Code::kTooLarge, "too many blocks");
      conf_.blocks.push_back(std::move(files));
      return {};
    }
    const auto directive = split(line);
    if (is_script(directive.name)) {
      if (auto done = skip_script(); !done) return done;
    } else {
      apply(directive, files.rotation);
    }
  }
  return broken(files.line, "a block that does not end");
}

Status Parser::outside(std::string_view line) {
  if (line[0] == '/' || line[0] == '"' || line[0] == '\'' || line[0] == '{' || line[0] == '~')
    return patterns(line);
  const auto directive = split(line);
  if (is_script(directive.name)) return skip_script();
  if (directive.name == "include") {
    if (conf_.includes.size() == kMaxBlocks) return fail(Code::kTooLarge, "too many includes");
    conf_.includes.push_back({std::string(directive.value), conf_.defaults});
  } else if (directive.name == "tabooext") {
    auto list = directive.value;
    if (list.starts_with('+')) list.remove_prefix(1);
    while (!(list = list.substr(std::min(list.find_first_not_of(" \t,"), list.size()))).empty()) {
      const auto end = std::min(list.find_first_of(" \t,"), list.size());
      if (conf_.taboo_suffixes.size() < 100) conf_.taboo_suffixes.emplace_back(list.substr(0, end));
      list.remove_prefix(end);
    }
  } else {
    apply(directive, conf_.defaults);
  }
  return {};
}

Result<LogrotateConf> Parser::parse() {
  while (const auto raw = lines_.next()) {
    const auto line = trimmed(*raw);
    if (line.empty() || line[0] == '#') continue;
    if (auto done = pending_.empty() ? outside(line) : patterns(line); !done)
      return fail(std::move(done.error()));
  }
  if (!pending_.empty()) return broken(pending_line_, "files without a block");
  return std::move(conf_);
}

}  // namespace

Result<LogrotateConf> parse_logrotate_conf(std::string_view text, const Rotation& defaults) {
  if (text.find('\0') != std::string_view::npos)
    return fail(Code::kInvalidData, "no text: it holds a zero byte");
  return Parser(text, defaults).parse();
}

Retention retention_of(const Rotation& rotation) {
  constexpr std::int64_t kMostLogs = 1'000'000;
  const auto oldest = rotation.max_age_days.value_or(0) > 0 ? rotation.max_age_days : std::nullopt;
  const auto kept = rotation.rotate.value_or(0);
  if (kept < 0 && !oldest) return {.is_unlimited = true};
  if (kept == 0) return {.days = 0};
  if (rotation.has_size || rotation.frequency.empty())
    return {.reason = "it rotates by size: the days depend on how much is recorded"};
  if (rotation.has_max_size)
    return {.reason =
                "maxsize may rotate before its time: the days depend on how much is recorded"};
  if (kept < 0) return {.days = oldest};
  std::int64_t days = std::min(kept, kMostLogs);
  if (rotation.frequency == "hourly") days /= 24;
  if (rotation.frequency == "weekly") days *= 7;
  if (rotation.frequency == "monthly") days *= 30;
  if (rotation.frequency == "yearly") days *= 365;
  return {.days = oldest ? std::min(days, *oldest) : days};
}

}  // namespace assay::agent
