#include <algorithm>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/history/log_time.h"
#include "agent/probes/linux/updates/history/package_installs.h"

namespace assay::agent {
namespace {

std::unexpected<Error> no_log() {
  return fail(Code::kInvalidData, "not a log of this package manager");
}

// Takes the part up to `mark`, and `mark`, off `rest`.
std::string_view take_part(std::string_view& rest, std::string_view mark) {
  const auto end = rest.find(mark);
  const auto part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + mark.size());
  return part;
}

void name_and_architecture(std::string_view text, PackageInstall& install) {
  install.name = take_part(text, ":");
  install.architecture = text;
}

// One run of apt, field by field.
class AptRun {
 public:
  void add(std::string_view field, std::string_view value) {
    if (field == "Requested-By") {
      // "ann (1000)"
      username_ = take_part(value, " (");
      uid_ = decimal(take_part(value, ")"));
    } else if (field == "Install") {
      add_packages(value);
    }
  }

  void begin(std::string_view time) {
    time_ = with_one_blank(time);
    username_.clear();
    uid_.reset();
    first_of_run_ = installs_.size();
  }

  // Who asked for it may stand behind what was installed.
  void end() {
    for (auto i = first_of_run_; i < installs_.size(); ++i) {
      installs_[i].username = username_;
      installs_[i].uid = uid_;
    }
  }

  std::vector<PackageInstall> take() { return std::move(installs_); }

 private:
  // "a:amd64 (1, automatic), b:amd64 (2)": versions hold no parentheses. What has no end of its own
  // was cut short.
  void add_packages(std::string_view list) {
    while (list.contains(')')) {
      PackageInstall install{.manager = "apt"};
      name_and_architecture(take_part(list, " ("), install);
      auto rest = take_part(list, ")");
      install.version = take_part(rest, ", ");
      install.is_automatic = rest == "automatic";
      install.time = time_;
      if (list.starts_with(", ")) list.remove_prefix(2);
      if (!install.name.empty()) installs_.push_back(std::move(install));
    }
  }

  std::vector<PackageInstall> installs_;
  std::size_t first_of_run_ = 0;
  std::string time_;
  std::string username_;
  std::optional<std::int64_t> uid_;
};

}  // namespace

Result<std::vector<PackageInstall>> installs_in_apt_history(std::string_view text) {
  AptRun run;
  bool has_run = false;
  Lines lines(text);
  while (const auto line = lines.next()) {
    auto value = *line;
    const auto field = take_part(value, ": ");
    if (field == "Start-Date" && begins_with_day(trimmed(value))) {
      run.end();
      run.begin(trimmed(value));
      has_run = true;
    } else if (has_run) {
      run.add(field, trimmed(value));
    }
  }
  run.end();
  if (!has_run && !trimmed(text).empty()) return no_log();
  return run.take();
}

Result<std::vector<PackageInstall>> installs_in_dpkg_log(std::string_view text) {
  if (!text.empty() && !begins_with_day(text)) return no_log();
  std::vector<PackageInstall> installs;
  Lines lines(text);
  while (const auto line = lines.next()) {
    // "2026-11-21 09:00:00 install a:amd64 <none> 1"
    constexpr std::string_view kWhat = " install ";
    constexpr std::size_t kTime = std::string_view("2026-11-21 09:00:00").size();
    if (line->size() < kTime || !begins_with_day(*line) || !line->substr(kTime).starts_with(kWhat))
      continue;
    auto rest = line->substr(kTime + kWhat.size());
    PackageInstall install{.manager = "dpkg"};
    install.time = line->substr(0, kTime);
    name_and_architecture(take_part(rest, " "), install);
    (void)take_part(rest, " ");
    install.version = rest;
    installs.push_back(std::move(install));
  }
  return installs;
}

Result<std::vector<PackageInstall>> installs_in_zypp_history(std::string_view text) {
  std::vector<PackageInstall> installs;
  bool has_record = false;
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (!begins_with_day(*line) || !line->contains('|')) continue;
    has_record = true;
    // time|install|name|version|architecture|who@where|repository|checksum|
    auto rest = *line;
    PackageInstall install{.manager = "zypper"};
    install.time = take_part(rest, "|");
    if (trimmed(take_part(rest, "|")) != "install") continue;
    install.name = take_part(rest, "|");
    install.version = take_part(rest, "|");
    install.architecture = take_part(rest, "|");
    auto who = take_part(rest, "|");
    // Empty for what came along with something else.
    install.is_automatic = who.empty();
    install.username = take_part(who, "@");
    install.repository = take_part(rest, "|");
    if (!install.name.empty()) installs.push_back(std::move(install));
  }
  if (!has_record && !trimmed(text).empty()) return no_log();
  return installs;
}

Result<std::vector<PackageInstall>> installs_in_apk_log(std::string_view text) {
  std::vector<PackageInstall> installs;
  bool has_run = false;
  std::string time;  // of the run; empty: not known
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (const auto start = apk_run_in(*line)) {
      time = start->time;
      has_run = true;
    } else if (line->starts_with('(') && !time.empty()) {
      // "(2/4) Installing ssl_client (1.36.1-r29)"
      auto rest = *line;
      (void)take_part(rest, ") ");
      if (take_part(rest, " ") != "Installing") continue;
      PackageInstall install{.manager = "apk"};
      install.time = time;
      install.name = take_part(rest, " (");
      install.version = take_part(rest, ")");
      if (!install.name.empty()) installs.push_back(std::move(install));
    }
  }
  if (!has_run && !trimmed(text).empty()) return no_log();
  return installs;
}

}  // namespace assay::agent
