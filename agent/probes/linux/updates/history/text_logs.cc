#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/history/log_time.h"
#include "agent/probes/linux/updates/history/past_run.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxProgramBytes = 256;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "a:amd64 (1, automatic), b:amd64 (2)": versions hold no parentheses.
std::int64_t count_packages(std::string_view list) {
  return std::ranges::count(list, '(');
}

std::unexpected<Error> no_log() {
  return fail(Code::kInvalidData, "not a log of this package manager");
}

class AptHistoryReader {
 public:
  void add(std::string_view line) {
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) return;
    const auto field = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 2));
    if (field == "Start-Date") {
      end();
      if (!begins_with_day(value)) return;
      run_ = PastRun{.manager = "apt", .time = with_one_blank(value)};
      run_->installed = run_->upgraded = run_->removed = 0;
    }
    if (run_) keep(field, value);
  }

  void end() {
    if (!run_) return;
    if (!has_ended_) run_->note = "the log does not say that it ended";
    if (has_ended_ && !run_->has_succeeded) run_->has_succeeded = true;
    runs_.push_back(*std::exchange(run_, std::nullopt));
    has_ended_ = false;
  }

  std::vector<PastRun> take() { return std::move(runs_); }

 private:
  void keep(std::string_view field, std::string_view value) {
    if (field == "Commandline") {
      run_->program = program_of(value);
      if (value.contains("unattended-upgrade")) run_->is_automatic = true;
    } else if (field == "Requested-By") {
      if (!run_->is_automatic) run_->is_automatic = false;
    } else if (field == "Install") {
      *run_->installed += count_packages(value);
    } else if (field == "Upgrade") {
      *run_->upgraded += count_packages(value);
    } else if (field == "Remove" || field == "Purge") {
      *run_->removed += count_packages(value);
    } else if (field == "Error") {
      run_->has_succeeded = false;
    } else if (field == "End-Date") {
      has_ended_ = true;
    }
  }

  std::vector<PastRun> runs_;
  std::optional<PastRun> run_;
  bool has_ended_ = false;
};

// "Running `apk upgrade` at 2026-11-21 03:00:00", then what was done: "(1/2) Upgrading …".
class ApkLogReader {
 public:
  void add(std::string_view line) {
    if (const auto start = apk_run_in(line)) return begin(*start);
    if (!run_) return;
    if (line.starts_with("OK: ")) {
      if (!run_->has_succeeded) run_->has_succeeded = true;
    } else if (line.starts_with("ERROR: ")) {
      run_->has_succeeded = false;
    } else if (line.starts_with('(')) {
      add_change(line.substr(std::min(line.find(") "), line.size())));
    }
  }

  void end() {
    if (!run_) return;
    if (!run_->has_succeeded) run_->note = "the log does not say that it ended";
    if (has_changed_ || run_->has_succeeded == false) runs_.push_back(*std::move(run_));
    run_.reset();
  }

  [[nodiscard]] bool has_any() const { return has_any_; }
  std::vector<PastRun> take() { return std::move(runs_); }

 private:
  void begin(const ApkRun& start) {
    end();
    has_any_ = true;
    has_changed_ = false;
    run_ = PastRun{.manager = "apk",
                   .time = std::string(start.time),
                   .program = program_of(start.command),
                   .installed = 0,
                   .upgraded = 0,
                   .removed = 0};
  }

  void add_change(std::string_view what) {
    auto* const count = what.starts_with(") Installing ")  ? &run_->installed
                        : what.starts_with(") Upgrading ") ? &run_->upgraded
                        : what.starts_with(") Purging ")   ? &run_->removed
                                                           : nullptr;
    if (count != nullptr) ++**count;
    has_changed_ = true;
  }

  std::vector<PastRun> runs_;
  std::optional<PastRun> run_;
  bool has_any_ = false;
  bool has_changed_ = false;
};

}  // namespace

std::string program_of(std::string_view command_line) {
  auto word = trimmed(command_line);
  word = word.substr(0, word.find_first_of(" \t"));
  if (word.starts_with('\'') || word.starts_with('"')) word.remove_prefix(1);
  if (word.ends_with('\'') || word.ends_with('"')) word.remove_suffix(1);
  const bool is_plain = std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           std::string_view("/._+-").contains(c);
  });
  if (!is_plain || word.size() > kMaxProgramBytes) return {};
  return std::string(word);
}

Result<std::vector<PastRun>> parse_apt_history(std::string_view text) {
  AptHistoryReader reader;
  Lines lines(text);
  while (const auto line = lines.next()) reader.add(*line);
  reader.end();
  auto runs = reader.take();
  if (runs.empty() && !trimmed(text).empty()) return no_log();
  return runs;
}

Result<std::vector<PastRun>> parse_dpkg_log(std::string_view text) {
  std::vector<PastRun> days;
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (!begins_with_day(*line) || line->size() < 21) continue;
    const auto day = line->substr(0, 10);
    auto what = line->substr(20);
    what = what.substr(0, what.find(' '));
    auto count = what == "install"                     ? &PastRun::installed
                 : what == "upgrade"                   ? &PastRun::upgraded
                 : what == "remove" || what == "purge" ? &PastRun::removed
                                                       : nullptr;
    if (count == nullptr) continue;
    if (days.empty() || days.back().time != day)
      days.push_back({.manager = "dpkg",
                      .time = std::string(day),
                      .installed = 0,
                      .upgraded = 0,
                      .removed = 0});
    // A package that is purged is removed first: counted once.
    if (what != "purge") ++*(days.back().*count);
  }
  if (days.empty() && !begins_with_day(text) && !text.empty()) return no_log();
  return days;
}

Result<std::vector<PastRun>> parse_zypp_history(std::string_view text) {
  std::vector<PastRun> runs;
  bool has_record = false;
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (line->empty() || (*line)[0] == '#') continue;
    const auto first = line->find('|');
    if (first == std::string_view::npos || !begins_with_day(*line)) continue;
    has_record = true;
    const auto second = line->find('|', first + 1);
    if (second == std::string_view::npos) continue;
    const auto what = trimmed(line->substr(first + 1, second - first - 1));
    if (what == "command") {
      const auto third = line->find('|', second + 1);
      PastRun run{.manager = "zypper", .time = std::string(line->substr(0, first))};
      if (third != std::string_view::npos) run.program = program_of(line->substr(third + 1));
      run.installed = run.removed = 0;
      run.note = "zypper's log does not tell upgrades from new packages: both are in installed";
      runs.push_back(std::move(run));
    } else if (!runs.empty() && what == "install") {
      ++*runs.back().installed;
    } else if (!runs.empty() && what == "remove") {
      ++*runs.back().removed;
    }
  }
  if (!has_record && !trimmed(text).empty()) return no_log();
  return runs;
}

Result<std::vector<PastRun>> parse_apk_log(std::string_view text) {
  ApkLogReader reader;
  Lines lines(text);
  while (const auto line = lines.next()) reader.add(*line);
  reader.end();
  if (!reader.has_any() && !trimmed(text).empty()) return no_log();
  return reader.take();
}

}  // namespace assay::agent
