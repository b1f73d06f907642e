#include "agent/probes/linux/operations/logging/log_parts.h"
#include "agent/probes/linux/operations/logging/logrotate_conf.h"
#include "agent/probes/linux/text/file_patterns.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kLogrotate = "logrotate";
constexpr std::string_view kFile = "/etc/logrotate.conf";
constexpr int kMaxDepth = 4;
constexpr std::size_t kMaxFiles = 1000;

class Collector {
 public:
  Collector(Host& host, LogRows& rows) : host_(host), rows_(rows) {}

  // Its global directives count for the files that are read after it, as logrotate has it.
  Status read(const std::string& path, Rotation& defaults, int depth);
  void finish(const LogFiles& files);

 private:
  Status include(const std::string& target, Rotation& defaults, int depth);
  void add(const RotatedFiles& files, const std::string& path);
  [[nodiscard]] bool is_taboo(std::string_view name) const;
  [[nodiscard]] bool is_rotated(const std::string& path) const;

  Host& host_;
  LogRows& rows_;
  std::size_t read_ = 0;
  std::vector<std::string> patterns_;
  std::vector<std::string> taboo_;
  std::vector<std::string> problems_;
};

bool Collector::is_taboo(std::string_view name) const {
  constexpr std::array<std::string_view, 18> kSuffixes = {
      ",v",         ".bak",      ".cfsaved",  ".disabled", ".dpkg-bak",      ".dpkg-del",
      ".dpkg-dist", ".dpkg-new", ".dpkg-old", ".dpkg-tmp", ".rhn-cfg-tmp-*", ".rpmnew",
      ".rpmorig",   ".rpmsave",  ".swp",      ".ucf-dist", ".ucf-new",       "~"};
  const auto ends = [&](std::string_view suffix) { return name.ends_with(suffix); };
  return name.starts_with('.') || std::ranges::any_of(kSuffixes, ends) ||
         std::ranges::any_of(taboo_, ends);
}

void Collector::add(const RotatedFiles& files, const std::string& path) {
  const auto& rotation = files.rotation;
  const auto retention = retention_of(rotation);
  std::string how = rotation.frequency.empty() ? "by size" : rotation.frequency;
  if (rotation.has_size) how = "by size";
  how += ", rotate " + std::to_string(rotation.rotate.value_or(0));
  if (rotation.max_age_days) how += ", maxage " + std::to_string(*rotation.max_age_days);
  if (rotation.compress) how += ", compress";
  if (retention.is_unlimited) how = "unlimited: " + how;
  for (const auto& pattern : files.patterns) {
    rows_.add({.component = kLogrotate,
               .setting = "retention_days",
               .target = pattern,
               .value = retention.days,
               .text = how,
               .place = {path, files.line},
               .note = retention.reason});
    patterns_.push_back(pattern);
  }
}

// A file, or a folder whose files are all read.
Status Collector::include(const std::string& target, Rotation& defaults, int depth) {
  const auto status = host_.status(target);
  if (!status && status.error().code() == Code::kNotFound) return {};
  if (!status) return fail(status.error());
  if (status->kind != FileKind::kDirectory) return read(target, defaults, depth + 1);
  const auto files = matching_files(host_, target + (target.ends_with('/') ? "*" : "/*"));
  if (!files) return fail(files.error());
  for (const auto& file : *files)
    if (!is_taboo(std::string_view(file).substr(file.rfind('/') + 1)))
      if (auto done = read(file, defaults, depth + 1); !done) return done;
  return {};
}

Status Collector::read(const std::string& path, Rotation& defaults, int depth) {
  if (depth > kMaxDepth || read_++ == kMaxFiles) {
    problems_.push_back(path + ": too many files include one another");
    return {};
  }
  const auto text = read_settings(host_, path);
  if (!text) return fail(text.error());
  if (!*text) return {};
  const auto conf = parse_logrotate_conf(**text, defaults);
  if (!conf) {
    problems_.push_back(path + ": " + conf.error().message());
    return {};
  }
  for (const auto& files : conf->blocks) add(files, path);
  taboo_.insert(taboo_.end(), conf->taboo_suffixes.begin(), conf->taboo_suffixes.end());
  defaults = conf->defaults;
  for (const auto& [target, inherited] : conf->includes) {
    auto within = inherited;
    if (auto done = include(target, within, depth); !done) return done;
  }
  return {};
}

bool Collector::is_rotated(const std::string& path) const {
  return std::ranges::any_of(patterns_,
                             [&](const auto& pattern) { return matches_pattern(pattern, path); });
}

void Collector::finish(const LogFiles& files) {
  LogRow whole{
      .component = kLogrotate, .setting = "configuration", .place = {std::string(kFile), {}}};
  if (problems_.empty())
    whole.value = 1;
  else
    whole.note = "not understood: " + joined(problems_, "; ");
  rows_.add(whole);
  for (const auto& [path, place] : files.written()) {
    if (path.starts_with("/var/log/audit") || path.starts_with("/var/log/journal")) continue;
    if (is_rotated(path)) continue;
    rows_.add({.component = kLogrotate,
               .setting = "retention_days",
               .target = path,
               .text = "unlimited: no rule of logrotate covers it",
               .place = place});
  }
}

}  // namespace

Status add_logrotate(Host& host, LogFiles& files, LogRows& rows) {
  const auto status = host.status(kFile);
  if (!status && status.error().code() == Code::kNotFound) return {};
  Collector collector(host, rows);
  Rotation defaults;
  if (auto done = collector.read(std::string(kFile), defaults, 0); !done) return done;
  collector.finish(files);
  // By a timer of systemd or a job of cron.
  bool is_enabled = false;
  std::string source;
  for (const std::string_view path :
       {"/etc/systemd/system/timers.target.wants/logrotate.timer",
        "/usr/lib/systemd/system/timers.target.wants/logrotate.timer",
        "/lib/systemd/system/timers.target.wants/logrotate.timer", "/etc/cron.daily/logrotate",
        "/etc/periodic/daily/logrotate"}) {
    if (is_enabled || !host.status(path)) continue;
    is_enabled = true;
    source = path;
  }
  rows.add({.component = kLogrotate,
            .setting = "enabled",
            .value = is_enabled ? 1 : 0,
            .place = {.source = source}});
  return {};
}

}  // namespace assay::agent
